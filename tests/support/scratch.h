// Scratch folders and trees written in one line each, for all tests.
//
//   TempDir temp;                                   // removed at the end, whatever is in it
//   Tree a(temp / "a"), b(temp / "b");              // creates the two folders
//   a.Write("notes/todo.txt", "buy milk");          // creates notes/ too
//   a.Move("notes", "old notes");
//   a.Link("latest", "old notes/todo.txt");
//   Sync(a.root(), b.root());
//   EXPECT_EQ(Snapshot(a.root()), Snapshot(b.root()));
//
// Every function throws std::runtime_error with a sentence when the system refuses, which
// GoogleTest reports as a failure of the test. Names are bytes.
#ifndef SYNCLINE_TESTS_SUPPORT_SCRATCH_H_
#define SYNCLINE_TESTS_SUPPORT_SCRATCH_H_

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace syncline::testing {

// A new empty folder below $TMPDIR or /tmp. Removes itself with all that is in it: folders without
// permissions and trees deeper than PATH_MAX as well.
class TempDir {
 public:
  TempDir();
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;
  ~TempDir();

  const std::string& path() const { return path_; }
  // A path inside it.
  std::string operator/(std::string_view name) const;

 private:
  std::string path_;
};

// Edits below one folder, as a person makes them. Paths are relative to the root; parents that are
// missing are created.
class Tree {
 public:
  explicit Tree(std::string root);

  const std::string& root() const { return root_; }
  std::string Path(std::string_view path) const;  // absolute

  // Replaces the content in place (same inode). The modification time always becomes another one,
  // also when two writes fall into one tick of the file system's clock.
  void Write(std::string_view path, std::string_view text);
  void Append(std::string_view path, std::string_view text);
  // size bytes of which only those of text, at offset, are on disk.
  void WriteSparse(std::string_view path, uint64_t size, uint64_t offset, std::string_view text);
  void Mkdir(std::string_view path);
  void Link(std::string_view path, std::string_view target);
  void HardLink(std::string_view path, std::string_view existing);
  void Move(std::string_view from, std::string_view to);
  void Remove(std::string_view path);                // folders with all that is in them
  void SetMtime(std::string_view path, int64_t ns);  // ns since 1970; of a link itself
  void Chmod(std::string_view path, unsigned mode);
  void SetAttribute(std::string_view path, const std::string& name, std::string_view value);

  std::string Read(std::string_view path) const;
  bool Exists(std::string_view path) const;  // a dangling link exists
  int64_t Mtime(std::string_view path) const;

 private:
  void Put(std::string_view path, std::string_view text, int flags);

  std::string root_;
};

struct SnapshotOptions {
  bool content = true;        // of files, and targets of links
  bool mode = true;           // of files and folders
  bool mtime = true;          // of files and links
  bool folder_mtime = false;  // changes with every name in it
  bool attributes = false;    // "user." extended attributes
};
// Relative path -> one line that tells all that the options ask for, such as
// "file 644 1700000000.000000000 'buy milk'". Long contents are told by size and hash.
std::map<std::string, std::string> Snapshot(const std::string& root,
                                            const SnapshotOptions& options = {});

}  // namespace syncline::testing

#endif  // SYNCLINE_TESTS_SUPPORT_SCRATCH_H_
