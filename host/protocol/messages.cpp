#include "host/protocol/messages.h"

#include <array>
#include <cstddef>
#include <limits>
#include <nlohmann/json.hpp>
#include <type_traits>
#include <utility>

#include "host/protocol/cbor_check.h"
#include "host/protocol/fields.h"
#include "host/protocol/text.h"

namespace syncline::protocol {
namespace {

using nlohmann::json;

// A frame holds a batch of events or a conflict with its fields: nothing honest comes near.
constexpr size_t kMaxFrame = 16 << 20;
constexpr size_t kLengthBytes = 4;
constexpr int kMaxDepth = 4;  // message, list, element, map
constexpr char kType[] = "is";

constexpr std::array<std::string_view, std::variant_size_v<Message>> kTypeNames = {
    "start", "cancel", "progress", "events", "conflict", "plan", "safe", "done", "probe-answer"};
constexpr std::array<std::string_view, 7> kResultNames = {
    "done", "conflicts", "partial", "busy", "stopped", "failed", "cancelled"};
constexpr std::array<std::string_view, 5> kPhaseNames = {"starting", "scanning", "planning",
                                                         "applying", "finishing"};

constexpr int Last(Result) { return static_cast<int>(Result::kCancelled); }
constexpr int Last(Phase) { return static_cast<int>(Phase::kFinishing); }

// Puts fields into a JSON object. Its strings are bytes: to_cbor does not look at their encoding,
// while dump() would throw.
class Writer {
 public:
  template <typename T>
  void operator()(const char* name, const T& value) {
    object_[name] = Value(value);
  }
  json Take() && { return std::move(object_); }

 private:
  template <typename T>
  static json Value(const T& value) {
    if constexpr (std::is_enum_v<T>) {
      return static_cast<int>(value);
    } else if constexpr (std::is_class_v<T> && !std::is_constructible_v<json, const T&>) {
      return Nested(value);
    } else {
      return value;
    }
  }
  template <typename T>
  static json Value(const std::vector<T>& values) {
    json list = json::array();
    for (const T& value : values) list.push_back(Value(value));
    return list;
  }
  template <typename T>
  static json Nested(const T& value) {
    Writer writer;
    Fields(writer, value);
    return std::move(writer.object_);
  }

  json object_ = json::object();
};

// Takes fields out of a JSON object; ok() turns false at the first that is missing or of another
// type.
class Reader {
 public:
  explicit Reader(json& object) : object_(object), ok_(object.is_object()) {}

  template <typename T>
  void operator()(const char* name, T& value) {
    if (!ok_) return;
    const auto found = object_.find(name);
    ok_ = found != object_.end() && Take(*found, value);
  }
  bool ok() const { return ok_; }

 private:
  static bool Take(json& from, std::string& to) {
    if (!from.is_string()) return false;
    to = std::move(from.get_ref<std::string&>());
    return true;
  }
  static bool Take(json& from, bool& to) {
    if (!from.is_boolean()) return false;
    to = from.get<bool>();
    return true;
  }
  template <typename T>
  requires std::is_integral_v<T>
  static bool Take(json& from, T& to) {
    if (from.is_number_unsigned()) {
      const auto number = from.get<uint64_t>();
      to = static_cast<T>(number);
      return number <= static_cast<uint64_t>(std::numeric_limits<T>::max());
    }
    if (!from.is_number_integer() || std::is_unsigned_v<T>) return false;
    const auto number = from.get<int64_t>();
    to = static_cast<T>(number);
    return number >= static_cast<int64_t>(std::numeric_limits<T>::min());
  }
  template <typename T>
  requires std::is_enum_v<T>
  static bool Take(json& from, T& to) {
    int number = 0;
    if (!Take(from, number) || number < 0 || number > Last(T{})) return false;
    to = static_cast<T>(number);
    return true;
  }
  template <typename T>
  static bool Take(json& from, std::vector<T>& to) {
    if (!from.is_array()) return false;
    to.clear();
    to.reserve(from.size());
    for (json& element : from) {
      if (!Take(element, to.emplace_back())) return false;
    }
    return true;
  }
  static bool Take(json& from, std::map<std::string, std::string>& to) {
    if (!from.is_object()) return false;
    to.clear();
    for (auto& [key, value] : from.items()) {
      if (!Take(value, to[key])) return false;
    }
    return true;
  }
  template <typename T>
  requires std::is_class_v<T>
  static bool Take(json& from, T& to) {
    Reader reader(from);
    Fields(reader, to);
    return reader.ok();
  }

  json& object_;
  bool ok_;
};

absl::Status Damaged(std::string_view what) {
  return absl::InvalidArgumentError(
      Cat("a message between Syncline and its worker is damaged: ", what));
}

template <size_t I = 0>
absl::StatusOr<Message> TakeMessage(std::string_view type, json& object) {
  if constexpr (I == std::variant_size_v<Message>) {
    return Damaged("unknown type");
  } else {
    if (type != kTypeNames[I]) return TakeMessage<I + 1>(type, object);
    std::variant_alternative_t<I, Message> message;
    Reader reader(object);
    Fields(reader, message);
    if (!reader.ok()) return Damaged(Cat("fields of ", type));
    return Message(std::move(message));
  }
}

size_t FrameLength(std::string_view head) {
  size_t length = 0;
  for (size_t i = kLengthBytes; i-- > 0;)
    length = length << 8 | static_cast<unsigned char>(head[i]);
  return length;
}

}  // namespace

std::string_view ResultName(Result result) { return kResultNames[static_cast<size_t>(result)]; }
std::string_view PhaseName(Phase phase) { return kPhaseNames[static_cast<size_t>(phase)]; }

std::string Encode(const Message& message) {
  Writer writer;
  writer(kType, std::string(kTypeNames[message.index()]));
  std::visit([&writer](const auto& m) { Fields(writer, m); }, message);
  std::string frame(kLengthBytes, '\0');
  json::to_cbor(std::move(writer).Take(), frame);
  size_t length = frame.size() - kLengthBytes;
  for (size_t i = 0; i < kLengthBytes; ++i, length >>= 8)
    frame[i] = static_cast<char>(length & 0xff);
  return frame;
}

absl::StatusOr<Message> Decode(std::string_view frame) {
  if (!IsFlatCbor(frame, kMaxDepth)) return Damaged("its shape");
  json object = json::from_cbor(frame, /*strict=*/true, /*allow_exceptions=*/false);
  if (!object.is_object()) return Damaged("no map");
  const auto type = object.find(kType);
  if (type == object.end() || !type->is_string()) return Damaged("no type");
  return TakeMessage(type->get<std::string>(), object);
}

absl::Status MessageChannel::Send(const Message& message) {
  const std::string frame = Encode(message);
  if (frame.size() - kLengthBytes > kMaxFrame) {
    return absl::InvalidArgumentError("a message between Syncline and its worker is over 16 MiB");
  }
  absl::MutexLock lock(&send_mutex_);
  return channel_->Write(frame);
}

absl::StatusOr<Message> MessageChannel::Receive(absl::Duration timeout) {
  const absl::Time deadline = absl::Now() + timeout;
  for (;;) {
    if (received_.size() >= kLengthBytes) {
      const size_t length = FrameLength(received_);
      if (length > kMaxFrame) return Damaged("over 16 MiB");
      if (received_.size() - kLengthBytes >= length) {
        absl::StatusOr<Message> message =
            Decode(std::string_view(received_).substr(kLengthBytes, length));
        received_.erase(0, kLengthBytes + length);
        return message;
      }
    }
    char buffer[1 << 14];
    const absl::StatusOr<size_t> size = channel_->Read(
        buffer, sizeof buffer, std::max(absl::ZeroDuration(), deadline - absl::Now()));
    if (!size.ok()) return size.status();
    if (*size == 0) return absl::UnavailableError("the other end of the channel is closed");
    received_.append(buffer, *size);
  }
}

}  // namespace syncline::protocol
