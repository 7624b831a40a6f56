// Looks at the shape of a CBOR text before it is parsed.
#ifndef SYNCLINE_HOST_PROTOCOL_CBOR_CHECK_H_
#define SYNCLINE_HOST_PROTOCOL_CBOR_CHECK_H_

#include <string_view>

namespace syncline::protocol {

// Whether bytes are exactly one complete CBOR item (RFC 8949) made of definite-length maps, arrays,
// strings, integers, floats and simple values, nested at most max_depth deep. nlohmann-json's
// reader recurses once for each nesting and each open-ended string chunk, so that a damaged frame
// of a few MiB could use up the host's stack; this check does not recurse. Any thread.
bool IsFlatCbor(std::string_view bytes, int max_depth);

}  // namespace syncline::protocol

#endif  // SYNCLINE_HOST_PROTOCOL_CBOR_CHECK_H_
