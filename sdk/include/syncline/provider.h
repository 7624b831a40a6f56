/* clang-format off */
/* provider.h - the whole contract between Syncline and a provider, version 1.
 *
 * A provider knows one data type (contacts, notes, photos, files).  It lists the records of a place,
 * reads one, writes one and removes one.  Syncline does the rest: it remembers what both sides held
 * when they last agreed, decides what changed, merges, retries, keeps history and shows progress.
 * An author includes this file, or provider.hpp for C++20, and links nothing.
 *
 * LIFE    load -> create() -> open() -> any of the other calls -> destroy() -> the process ends.
 *         One instance is one side (replica) of one sync item; two live side by side in a worker
 *         process that serves this item only.  A crash or a hang costs that item its turn, no more.
 *
 * FIVE RULES hold for every function below.
 *
 *  Threads  Each comment ends with a tag.
 *             [replica]  never overlaps another [replica] call on the same instance, but may come
 *                        from another thread each time;
 *             [any]      from any thread, at any time between create() and the return of destroy().
 *  Memory   Nobody frees what the other side allocated.  Arguments live until the call returns, but
 *           syncline_host until destroy().  Results are pushed into a sink, which copies them.
 *  Text     syncline_str has a length and no terminator; {NULL, 0} is empty.  Text for people is
 *           UTF-8.  Ids, keys, versions and identities are bytes: any value, compared by memcmp.
 *  Growth   Each struct starts with struct_size, the sizeof of the side that fills it in; no struct
 *           is filled in by both.  Fields are only added at the end: read one that is newer than
 *           minor 0 only behind SYNCLINE_HAS(pointer, field).  Whole new abilities get a new name.
 *  Refusal  A negative status ends a call.  Say why with call->explain() before returning it.
 *
 * No exception, longjmp, FILE or C++ type crosses this boundary. */
#ifndef SYNCLINE_PROVIDER_H_
#define SYNCLINE_PROVIDER_H_

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define SYNCLINE_ABI_MAJOR 1 /* part of the entry symbol's name: another major is another symbol */
#define SYNCLINE_ABI_MINOR 0 /* grows with every appended field or function                      */

#if defined(_WIN32)
#define SYNCLINE_EXPORT __declspec(dllexport)
#define SYNCLINE_CALL __cdecl
#else
#define SYNCLINE_EXPORT __attribute__((visibility("default")))
#define SYNCLINE_CALL
#endif

/* True when the struct that p points to is new enough to hold the field. */
#define SYNCLINE_HAS(p, field) \
  ((p)->struct_size >= (size_t)((const char*)&(p)->field - (const char*)(p)) + sizeof((p)->field))

typedef struct syncline_str {
  const char* ptr;
  size_t len;
} syncline_str;

/* ---- Status -------------------------------------------------------------------------------------
 * A status exists only where Syncline reacts differently to it.  An unknown negative value counts
 * as SYNCLINE_FAILED.  Values are never reused. */
typedef int32_t syncline_status;
enum {
  SYNCLINE_OK = 0,
  SYNCLINE_STAGED = 1,       /* write, copy, move, remove: accepted; settle() will tell the result   */
  SYNCLINE_PRUNE = 2,        /* from a record sink: leave out everything inside this container       */
  SYNCLINE_FAILED = -1,      /* this record, this time: it is parked and tried again next time       */
  SYNCLINE_CANCELLED = -2,   /* stopped because cancelled() said so                                  */
  SYNCLINE_NOT_FOUND = -3,   /* the record (or, from open(), the whole place) is gone                */
  SYNCLINE_CONFLICT = -4,    /* the expected version is not there; nothing was changed: look again   */
  SYNCLINE_INVALID = -5,     /* this content can never be stored here: parked until it changes       */
  SYNCLINE_UNSUPPORTED = -6, /* not offered for this record: Syncline uses the fallback              */
  SYNCLINE_OFFLINE = -7,     /* whole replica: cannot be reached now; the item fails, try later      */
  SYNCLINE_UNAUTHORIZED = -8,  /* whole replica: a person must sign in or give permission            */
  SYNCLINE_UNWRITABLE = -9,    /* whole replica: takes no more writes (full, read-only); the session
                                * stops writing to this side and goes on with the other              */
  SYNCLINE_TOKEN_EXPIRED = -10, /* changes(): forget the token and enumerate                         */
  SYNCLINE_BROKEN = -11,     /* whole replica: its data or settings are damaged; do not retry        */
  SYNCLINE_CLASH = -12       /* the wanted place is taken by another record there (letter case,
                              * normalisation) or cannot exist there: a conflict for a person        */
};

/* ---- Records ----------------------------------------------------------------------------------*/
#define SYNCLINE_UNKNOWN_SIZE UINT64_MAX
#define SYNCLINE_UNKNOWN_TIME INT64_MIN

enum {
  /* Holds other records: the ids and keys of what is inside begin with its own and a '/'. */
  SYNCLINE_CONTAINER = 1u << 0,
  /* Cannot be seen now (no permission, read error).  Syncline concludes nothing about this record
   * nor anything inside it: neither changed nor gone.  Only id is looked at.  With an empty id: the
   * place holds more than can be listed now (a file that ends midway), so nothing is concluded from
   * what is not listed. */
  SYNCLINE_UNKNOWN = 1u << 1,
  /* merge() may help when both sides change this record: Syncline keeps its content (or its essence,
   * below) as ancestor. */
  SYNCLINE_MERGEABLE = 1u << 2
};

typedef struct syncline_record {
  uint32_t struct_size;
  uint32_t flags;          /* SYNCLINE_CONTAINER ...                                               */
  syncline_str id;         /* its place in this replica: unique, not empty                         */
  syncline_str key;        /* the same thing on another replica has the same key (relative path,
                            * UID, content hash); empty: same as id                                */
  syncline_str version;    /* differs whenever content or kept metadata differs; not empty         */
  syncline_str identity;   /* stays when the record is edited or moves to another id, and is never
                            * another record's (a file's inode and birth time); empty: none        */
  syncline_str name;       /* for people, UTF-8: events show it, filters match it as they match the
                            * key; empty: the key, escaped                                         */
  syncline_str media_type; /* "text/vcard"; may be empty                                           */
  syncline_str attributes; /* what travels with the content and only this provider understands
                            * (permission bits, extended attributes); from read() into write()     */
  uint64_t size;           /* of the content in bytes, or SYNCLINE_UNKNOWN_SIZE                    */
  int64_t mtime_ns;        /* last edit, Unix time in ns, or SYNCLINE_UNKNOWN_TIME                 */
} syncline_record;

/* ---- Sinks and sources: always Syncline's, valid during the call that received them -------------*/
typedef struct syncline_record_sink {
  uint32_t struct_size;
  void* ctx;
  /* Takes one record.  SYNCLINE_PRUNE: taken, but leave out what is inside it.  Negative: stop and
   * return that status.  [replica] */
  syncline_status(SYNCLINE_CALL* record)(void* ctx, const syncline_record* record);
  /* An id that no longer exists.  Only during changes().  [replica] */
  syncline_status(SYNCLINE_CALL* gone)(void* ctx, syncline_str id);
  /* A record that is there and is to be left alone: nothing is concluded about it, nor about the
   * other side's record with its key.  why SYNCLINE_OK: a setting leaves it out, nobody is told.  Else
   * (INVALID: broken; CLASH: twice in this place) it is parked with the reason, which names the place,
   * until it is listed otherwise.  Only id, key and version are looked at, and the last two may be
   * empty.  During enumerate() and changes().  [replica] */
  syncline_status(SYNCLINE_CALL* aside)(void* ctx, const syncline_record* record,
                                        syncline_status why, syncline_str reason);
} syncline_record_sink;

typedef struct syncline_byte_sink {
  uint32_t struct_size;
  void* ctx;
  /* Takes all len bytes or fails.  [replica] */
  syncline_status(SYNCLINE_CALL* write)(void* ctx, const void* bytes, size_t len);
} syncline_byte_sink;

typedef struct syncline_byte_source {
  uint32_t struct_size;
  void* ctx;
  uint64_t total; /* or SYNCLINE_UNKNOWN_SIZE */
  /* Fewer bytes than asked for is normal; 0 is the end; negative is a syncline_status.  [replica] */
  int64_t(SYNCLINE_CALL* read)(void* ctx, void* buffer, size_t capacity);
} syncline_byte_source;

/* Results of operations that change a replica.  ticket is the number that came with the order. */
typedef struct syncline_result_sink {
  uint32_t struct_size;
  void* ctx;
  /* Done: the record as it is now stored.  For a removal record is NULL.  [replica] */
  void(SYNCLINE_CALL* stored)(void* ctx, uint64_t ticket, const syncline_record* record);
  /* From settle() only: a staged operation failed after all; nothing of it is left.  [replica] */
  void(SYNCLINE_CALL* failed)(void* ctx, uint64_t ticket, syncline_status status,
                              syncline_str summary, syncline_str detail);
} syncline_result_sink;

/* Named values: what describe(), merge() and others tell; each says what it puts where. */
typedef struct syncline_field_sink {
  uint32_t struct_size;
  void* ctx;
  /* describe(): value is set, other is empty.  merge(): both sides' values of a field that cannot be
   * merged.  [replica] */
  void(SYNCLINE_CALL* field)(void* ctx, syncline_str name, syncline_str value, syncline_str other);
} syncline_field_sink;

/* ---- What Syncline offers -----------------------------------------------------------------------*/
enum { SYNCLINE_DEBUG = 0, SYNCLINE_INFO = 1, SYNCLINE_WARNING = 2, SYNCLINE_ERROR = 3 };

/* One running call.  Every function that may take time gets one. */
typedef struct syncline_call {
  uint32_t struct_size;
  void* ctx;
  /* Nonzero: return SYNCLINE_CANCELLED within a second.  Stays nonzero.  [any] */
  int32_t(SYNCLINE_CALL* cancelled)(void* ctx);
  /* Bytes of this call's record done so far; total may be SYNCLINE_UNKNOWN_SIZE.  Costs an atomic
   * store.  A call that neither reports nor pushes anything for a minute counts as hung.  [any] */
  void(SYNCLINE_CALL* progress)(void* ctx, uint64_t done, uint64_t total);
  /* Explains the negative status about to be returned: what happened and what to do, in one sentence;
   * technical detail; the setting at fault or empty.  [replica] */
  void(SYNCLINE_CALL* explain)(void* ctx, syncline_str summary, syncline_str detail,
                               syncline_str setting);
} syncline_call;

typedef struct syncline_host {
  uint32_t struct_size;
  void* ctx;
  /* One line for the technical log.  [any] */
  void(SYNCLINE_CALL* log)(void* ctx, int32_t level, syncline_str message);
  /* One entry of the item's event history.  id is the record concerned or empty.  [any] */
  void(SYNCLINE_CALL* event)(void* ctx, int32_t level, syncline_str id, syncline_str text);
  /* A setting of the item, checked against the manifest; a missing one gives its default.  Always
   * there: "location" (this side's path or URL), "side" ("a" or "b"), "item" (the item's id),
   * "direction" ("two-way", "mirror" or "add").  Valid until destroy().  [any] */
  syncline_str(SYNCLINE_CALL* setting)(void* ctx, syncline_str key);
  /* A secret, pushed into sink; never stored in the clear, never logged.  NOT_FOUND: none.
   * [replica] */
  syncline_status(SYNCLINE_CALL* secret)(void* ctx, syncline_str key,
                                         const syncline_byte_sink* sink);
  /* An optional feature of the host such as "syncline.memory/1", or NULL.  [any] */
  const void*(SYNCLINE_CALL* ability)(void* ctx, const char* name);
} syncline_host;

/* What a provider remembers of its side from turn to turn, such as what it found out about a file at the
 * price of reading it.  Committed together with the records of the batch.  It may be lost at any time
 * (another place, a damaged baseline): that must cost time and nothing else. */
#define SYNCLINE_HOST_MEMORY "syncline.memory/1"
typedef struct syncline_memory {
  uint32_t struct_size;
  /* Pushes the value of name; NOT_FOUND: there is none.  ctx is that of syncline_host.  [replica] */
  syncline_status(SYNCLINE_CALL* recall)(void* ctx, syncline_str name,
                                         const syncline_byte_sink* value);
  /* Replaces the value of name; an empty value forgets it.  [replica] */
  syncline_status(SYNCLINE_CALL* remember)(void* ctx, syncline_str name, syncline_str value);
} syncline_memory;

/* ---- What a provider offers ---------------------------------------------------------------------*/
enum {
  /* enumerate() pushes records in ascending memcmp order of id (a shorter id that is a prefix comes
   * first).  Without it Syncline sorts, and holds the whole listing in memory to do so. */
  SYNCLINE_ORDERED = 1u << 0,
  /* Nothing can be written here: changes of the other side are reported, not tried. */
  SYNCLINE_READ_ONLY = 1u << 1,
  /* settle() costs as much as the whole place (one file that holds every record): orders are settled
   * in as few batches as memory allows. */
  SYNCLINE_LARGE_BATCHES = 1u << 2
};

typedef struct syncline_replica {
  uint32_t struct_size;
  uint32_t flags;        /* SYNCLINE_ORDERED ...                                                    */
  syncline_str identity; /* differs when another place stands under the same location (an unmounted
                          * disk, a folder made anew): Syncline then stops instead of removing what
                          * seems to be gone.  Empty: cannot tell                                   */
  syncline_str name;     /* the place, for people; empty: the location                              */
} syncline_replica;

typedef struct syncline_replica_sink {
  uint32_t struct_size;
  void* ctx;
  syncline_status(SYNCLINE_CALL* replica)(void* ctx, const syncline_replica* replica); /* [replica] */
} syncline_replica_sink;

enum {
  /* Store as a new record beside wanted->key under a free id and key of the provider's choice, made
   * from label ("from B 2026-11-21"); expected_version is empty. */
  SYNCLINE_BESIDE = 1u << 0,
  /* copy() only: the content is known to be equal; only metadata (times, attributes) differs. */
  SYNCLINE_METADATA_ONLY = 1u << 1,
  /* With METADATA_ONLY, once in each direction: nobody knows which side's metadata is the newer, so
   * store what neither loses by (every attribute that either has, no permission that only one gives to
   * others, the earlier time).  from_version is not looked at: it was just combined, too. */
  SYNCLINE_COMBINE = 1u << 2,
  /* write() only, and only where the ability "essence" is offered: the content is what merge() made of
   * essences.  It replaces the essence of wanted->id and leaves all else of the record as it is; wanted
   * is the record as it was listed there. */
  SYNCLINE_ESSENCE = 1u << 3
};

/* An order to store a record. */
typedef struct syncline_write {
  uint32_t struct_size;
  uint32_t flags;                /* SYNCLINE_BESIDE ...                                             */
  uint64_t ticket;               /* to be given back with the result                                */
  const syncline_record* wanted; /* id: what to replace, empty to create; key: where; flags,
                                  * media_type, attributes, size, mtime_ns: as the source has them.
                                  * A container's content is empty                                  */
  syncline_str expected_version; /* what Syncline believes is there; empty: nothing is              */
  syncline_str label;            /* for SYNCLINE_BESIDE                                             */
} syncline_write;

typedef struct syncline_provider {
  uint32_t struct_size;
  void* self;

  /* Opens the place and pushes one replica.  First call after create().  Never makes the place:
   * NOT_FOUND when it is missing.  [replica] */
  syncline_status(SYNCLINE_CALL* open)(void* self, const syncline_call* call,
                                       const syncline_replica_sink* replica);

  /* Lists every record; an id appears once; a container before what is inside.  Failing part way is
   * fine: Syncline then concludes nothing from what it did not see.  [replica] */
  syncline_status(SYNCLINE_CALL* enumerate)(void* self, const syncline_call* call,
                                            const syncline_record_sink* records);

  /* Sends the content of id, THEN looks again and pushes the record into as_read: when its version is
   * the one that was listed, the bytes are whole.  An honest version therefore needs more than a
   * time stamp that two writes can share.  [replica] */
  syncline_status(SYNCLINE_CALL* read)(void* self, const syncline_call* call, syncline_str id,
                                       const syncline_byte_sink* content,
                                       const syncline_record_sink* as_read);

  /* Creates or replaces a record.  When expected_version is not what is there: change nothing, return
   * CONFLICT.  All or nothing: a crash half way leaves the old content, and nothing is left behind
   * after a refusal.  A container that becomes a plain record must be empty by then; the reverse
   * replaces the record.  OK: push one stored.  [replica] */
  syncline_status(SYNCLINE_CALL* write)(void* self, const syncline_call* call,
                                        const syncline_write* order,
                                        const syncline_byte_source* content,
                                        const syncline_result_sink* result);

  /* Removes id when it still has expected_version, else CONFLICT.  Already gone is OK.  A container
   * that still holds anything: CONFLICT, nothing removed.  OK: push one stored with NULL.
   * [replica] */
  syncline_status(SYNCLINE_CALL* remove)(void* self, const syncline_call* call, uint64_t ticket,
                                         syncline_str id, syncline_str expected_version,
                                         const syncline_result_sink* result);

  /* The table of an optional ability (below), or NULL.  The same answer every time.  [any] */
  const void*(SYNCLINE_CALL* ability)(void* self, const char* name);

  /* Releases everything.  No call follows, and none is running.  [replica] */
  void(SYNCLINE_CALL* destroy)(void* self);
} syncline_provider;

/* ---- Optional abilities: offer one only when you do better than the fallback --------------------*/

/* Durability in batches.  Fallback: write() is durable and visible when it returns. */
#define SYNCLINE_ABILITY_SETTLE "syncline.settle/1"
typedef struct syncline_settle {
  uint32_t struct_size;
  /* Also makes what remove() and move() did since then durable.
   * Makes everything that was staged since the last settle() durable first and visible then, checks
   * the expected versions once more, and pushes stored or failed for each ticket.  The session
   * remembers a result only after this returned OK.  [replica] */
  syncline_status(SYNCLINE_CALL* settle)(void* self, const syncline_call* call,
                                         const syncline_result_sink* results);
} syncline_settle;

/* Moving without sending content.  Fallback: write the new, remove the old. */
#define SYNCLINE_ABILITY_MOVE "syncline.move/1"
typedef struct syncline_move {
  uint32_t struct_size;
  /* Moves id, and all that is inside it, to wanted_key when it still has expected_version; CONFLICT
   * when not, or when the new place is taken; a change of letter case only is a move too.  Never
   * staged.  OK: push one stored.  [replica] */
  syncline_status(SYNCLINE_CALL* move)(void* self, const syncline_call* call, uint64_t ticket,
                                       syncline_str id, syncline_str expected_version,
                                       syncline_str wanted_key, const syncline_result_sink* result);
} syncline_move;

/* Copying from another instance of the same provider, so that no byte passes through Syncline (a
 * kernel copy, a server-side copy).  Fallback: read() into write(). */
#define SYNCLINE_ABILITY_COPY "syncline.copy/1"
typedef struct syncline_copy {
  uint32_t struct_size;
  /* Like write(), with the content of from_id of the instance whose self is from_self.  CONFLICT when
   * either version is not as expected.  No [replica] call runs on either instance.  [replica] */
  syncline_status(SYNCLINE_CALL* copy)(void* self, const syncline_call* call, void* from_self,
                                       syncline_str from_id, syncline_str from_version,
                                       const syncline_write* order,
                                       const syncline_result_sink* result);
} syncline_copy;

/* Telling whether two records, or two versions of one, hold the same.  Fallback: both contents are
 * read and hashed; two versions are the same only when their bytes are. */
#define SYNCLINE_ABILITY_COMPARE "syncline.compare/1"
enum {
  SYNCLINE_DIFFERENT = 0,    /* the contents differ                                                 */
  SYNCLINE_SAME_CONTENT = 1, /* equal contents, other metadata                                      */
  SYNCLINE_SAME = 2          /* equal contents and metadata                                         */
};
typedef struct syncline_compare {
  uint32_t struct_size;
  /* Compares id with other_id of the instance other_self; *verdict is a SYNCLINE_SAME ... value.
   * CONFLICT when either version is not there any more.  [replica] */
  syncline_status(SYNCLINE_CALL* compare)(void* self, const syncline_call* call, syncline_str id,
                                          syncline_str version, void* other_self,
                                          syncline_str other_id, syncline_str other_version,
                                          int32_t* verdict);
  /* Whether a record that moved from one id to another has kept its content, judged by its versions
   * before and after.  Pure.  Nonzero: yes.  [any] */
  int32_t(SYNCLINE_CALL* same_content)(void* self, syncline_str before, syncline_str after);
} syncline_compare;

/* Merging what both sides changed.  Fallback: a conflict. */
#define SYNCLINE_ABILITY_MERGE "syncline.merge/1"
enum { SYNCLINE_FAVOUR_NONE = 0, SYNCLINE_FAVOUR_MINE = 1, SYNCLINE_FAVOUR_THEIRS = 2 };
/* What a person decided about one field, named as merge() pushed it. */
typedef struct syncline_choice {
  uint32_t struct_size;
  int32_t favour; /* SYNCLINE_FAVOUR_MINE or _THEIRS */
  syncline_str field;
} syncline_choice;
typedef struct syncline_merge {
  uint32_t struct_size;
  /* Three-way merge; base is NULL when the record never was in step.  A field that both changed
   * differently is decided by the choice of its name, else by favour; with FAVOUR_NONE it is pushed
   * into differing and all ends in CONFLICT.  A field's name is for people, the same every time and
   * no other field's in this record.  Merging a thing with itself gives itself; swapping mine and
   * theirs (with favour and choices) gives the same.  Pure: no I/O, no state.  [any] */
  syncline_status(SYNCLINE_CALL* merge)(void* self, const syncline_call* call,
                                        const syncline_byte_source* base,
                                        const syncline_byte_source* mine,
                                        const syncline_byte_source* theirs, int32_t favour,
                                        const syncline_choice* choices, size_t choice_count,
                                        const syncline_byte_sink* merged,
                                        const syncline_field_sink* differing);
} syncline_merge;

/* Merging records that are far larger than what merge() needs of them (of a photo: its metadata).  All
 * that merge() gets and gives are then essences, and copy() is used for mergeable records, too.
 * Fallback: merge() gets and gives whole contents.  An ancestor that was kept before a provider offered
 * this is a whole content: merge() has to tell it from an essence, and does without it. */
#define SYNCLINE_ABILITY_ESSENCE "syncline.essence/1"
enum {
  /* It will be the base of later merges, as will what merge() makes. */
  SYNCLINE_FOR_ANCESTOR = 0,
  /* It is one of the two sides of a merge now.  After the merge both records count as equal, but only
   * their essences were looked at: merge() has to see from these whether all else is equal, and to
   * refuse when not.  That may be worth a higher price (a digest of all else). */
  SYNCLINE_FOR_MERGE = 1
};
typedef struct syncline_essence {
  uint32_t struct_size;
  /* Sends the essence of id, THEN looks again and pushes the record into as_read, as read() does.  At
   * most 16 MiB.  purpose: SYNCLINE_FOR_ANCESTOR or _FOR_MERGE.  UNSUPPORTED: this record cannot be
   * merged, so that two edits of it are a conflict.  [replica] */
  syncline_status(SYNCLINE_CALL* essence)(void* self, const syncline_call* call, syncline_str id,
                                          int32_t purpose, const syncline_byte_sink* content,
                                          const syncline_record_sink* as_read);
} syncline_essence;

/* What is different since a token.  Fallback: enumerate() and compare. */
#define SYNCLINE_ABILITY_CHANGES "syncline.changes/1"
typedef struct syncline_changes {
  uint32_t struct_size;
  /* Pushes what changed and what is gone since the token, then the new token.  Take the new token
   * BEFORE looking, so that a change made meanwhile is told twice and never lost.  An empty since asks
   * for a token only.  *more nonzero: call again with the new token.  [replica] */
  syncline_status(SYNCLINE_CALL* changes)(void* self, const syncline_call* call, syncline_str since,
                                          const syncline_record_sink* records,
                                          const syncline_byte_sink* token, int32_t* more);
} syncline_changes;

/* Title and fields of a record for the conflict view.  Fallback: name, size and time. */
#define SYNCLINE_ABILITY_DESCRIBE "syncline.describe/1"
typedef struct syncline_describe {
  uint32_t struct_size;
  /* Pushes the fields of id; the one called "title" heads the view.  [replica] */
  syncline_status(SYNCLINE_CALL* describe)(void* self, const syncline_call* call, syncline_str id,
                                           const syncline_field_sink* fields);
} syncline_describe;

/* Trying the settings for real.  Fallback: open() and its explanation. */
#define SYNCLINE_ABILITY_CHECK "syncline.check/1"
typedef struct syncline_check {
  uint32_t struct_size;
  /* Tries the settings of this side, and with other_self those of both together (the same place
   * twice, one inside the other).  explain() names the setting at fault.  What it tells by event()
   * is shown to the person who makes or edits the item (an example of what the settings do); a sync
   * keeps only its warnings.  [replica] */
  syncline_status(SYNCLINE_CALL* check)(void* self, const syncline_call* call, void* other_self);
} syncline_check;

/* Waiting for a change.  Fallback: syncs at set times. */
#define SYNCLINE_ABILITY_WATCH "syncline.watch/1"
typedef struct syncline_watch {
  uint32_t struct_size;
  /* Blocks until something may have changed, or cancelled().  A hint, never the truth.  Runs beside
   * the [replica] calls.  [any] */
  syncline_status(SYNCLINE_CALL* wait)(void* self, const syncline_call* call);
} syncline_watch;

/* The collections of an account (calendars, address books); each can be a location of its own.
 * Fallback: the location is the collection. */
#define SYNCLINE_ABILITY_COLLECTIONS "syncline.collections/1"
typedef struct syncline_collections {
  uint32_t struct_size;
  /* Pushes one field for each collection: name for people, value the location.  [replica] */
  syncline_status(SYNCLINE_CALL* collections)(void* self, const syncline_call* call,
                                              const syncline_field_sink* found);
} syncline_collections;

/* Where records belong by rules that are settings (a layout by date).  Fallback: records stay where
 * they are when the rules change. */
#define SYNCLINE_ABILITY_ARRANGE "syncline.arrange/1"
typedef struct syncline_arrange {
  uint32_t struct_size;
  /* Where the records that enumerate() listed last would be put if they were new, by the settings as
   * they are now.  Pushes each that stands elsewhere as a record with its id and version, the key for
   * move(), and as name its place of now, for people.  Changes nothing; Syncline then orders move() for each, so that ability
   * is needed as well, and a record keeps its key by it.  Asked only when a person wants it.
   * [replica] */
  syncline_status(SYNCLINE_CALL* arrange)(void* self, const syncline_call* call,
                                          const syncline_record_sink* wanted);
} syncline_arrange;

/* Telling which records a person may remove on this side, since the other side holds them and has
 * proved it by reading them back from its disk (a camera card after an import).  Fallback: nobody is
 * told. */
#define SYNCLINE_ABILITY_SAFE "syncline.safe/1"
typedef struct syncline_safe {
  uint32_t struct_size;
  /* After enumerate() of both.  Pushes one field for each record of this side: name: its place, for
   * people (bytes of a path); value: empty when the instance other_self holds it, read it back from its
   * disk when it was stored, and has it still: a person may remove it here; else why not, for people
   * ("it was not imported yet").  No [replica] call runs on either instance.  [replica] */
  syncline_status(SYNCLINE_CALL* safe)(void* self, const syncline_call* call, void* other_self,
                                       const syncline_field_sink* records);
} syncline_safe;

/* ---- Entry --------------------------------------------------------------------------------------*/
typedef struct syncline_entry {
  uint32_t struct_size;
  uint16_t abi_major; /* SYNCLINE_ABI_MAJOR and _MINOR of the header it was built with */
  uint16_t abi_minor;
  /* JSON, UTF-8:
   *   {"id": "notes", "name": "Notes", "version": "1.0.0", "description": "One sentence.",
   *    "direction": "two-way",
   *    "settings": [{"key": "suffix", "type": "text", "default": ".txt", "label": "Suffix",
   *                  "help": "One sentence.", "required": false, "choices": ["..."]}]}
   * id: a-z, 0-9, '.', '-', '_', at most 63; type: text, number, yesno, choice; direction (two-way,
   * mirror or add): that of an item for which the person names none, two-way when it is missing.
   * A yesno setting "verify" says that what is stored is read back: where it is yes, Syncline asks the
   * ability safe whenever a person looks at the item. */
  syncline_str manifest;
  /* Makes one instance and points *made at its table, which stays valid until destroy().  Opens
   * nothing yet.  [replica] */
  syncline_status(SYNCLINE_CALL* create)(const syncline_host* host, const syncline_call* call,
                                         const syncline_provider** made);
} syncline_entry;

/* The one exported symbol. */
SYNCLINE_EXPORT extern const syncline_entry syncline_entry_1;

#ifdef __cplusplus
}
#endif
#endif /* SYNCLINE_PROVIDER_H_ */
