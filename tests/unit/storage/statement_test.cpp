// Statements and transactions.
#include <string>

#include "tests/unit/storage/scratch.h"

namespace syncline::storage {
namespace {

class Statements : public StorageTest {
 protected:
  void SetUp() override {
    db_ = OpenMain();
    ASSERT_TRUE(db_.Execute("CREATE TABLE t (i INTEGER, r REAL, s TEXT, b BLOB) STRICT").ok());
  }
  Database db_;
};

TEST_F(Statements, RoundTripEveryType) {
  const std::string text("zero\0inside \xc3\xa4", 14);
  const std::string bytes("\xff\x00\xfe", 3);
  ASSERT_TRUE(
      db_.Run("INSERT INTO t VALUES (?1, ?2, ?3, ?4)", INT64_MIN, 0.5, text, AsBlob{bytes}).ok());
  absl::StatusOr<Statement> s = db_.Prepare("SELECT i, r, s, b FROM t");
  ASSERT_TRUE(s.ok());
  ASSERT_TRUE(s->Step());
  EXPECT_EQ(s->Int(0), INT64_MIN);
  EXPECT_EQ(s->Real(1), 0.5);
  EXPECT_EQ(s->Text(2), text);
  EXPECT_EQ(s->Blob(3), bytes);
  EXPECT_FALSE(s->Step());
  EXPECT_TRUE(s->status().ok());
}

TEST_F(Statements, TellNullFromEmpty) {
  absl::StatusOr<Statement> in = db_.Prepare("INSERT INTO t VALUES (?1, ?2, ?3, ?4)");
  ASSERT_TRUE(in.ok());
  in->BindNull(1);
  in->BindNull(2);
  in->Bind(3, std::string_view());
  in->BindBlob(4, std::string_view());
  ASSERT_TRUE(in->Run().ok());
  absl::StatusOr<Statement> s = db_.Prepare("SELECT i, s, b FROM t");
  ASSERT_TRUE(s->Step());
  EXPECT_TRUE(s->IsNull(0));
  EXPECT_FALSE(s->IsNull(1));
  EXPECT_FALSE(s->IsNull(2));
  EXPECT_EQ(s->Text(1), "");
  EXPECT_EQ(s->Blob(2), "");
}

TEST_F(Statements, StartAnewAfterTheEndAndWhenBoundWithRowsLeft) {
  ASSERT_TRUE(db_.Execute("INSERT INTO t (i) VALUES (1), (2), (3)").ok());
  absl::StatusOr<Statement> s = db_.Prepare("SELECT i FROM t WHERE i >= ?1 ORDER BY i");
  s->Bind(1, 2);
  ASSERT_TRUE(s->Step());
  EXPECT_EQ(s->Int(0), 2);
  s->Bind(1, 3);
  ASSERT_TRUE(s->Step());
  EXPECT_EQ(s->Int(0), 3);
  ASSERT_FALSE(s->Step());
  s->Bind(1, 1);
  ASSERT_TRUE(s->Step());
  EXPECT_EQ(s->Int(0), 1);
}

TEST_F(Statements, ReportABadParameterAtTheNextStepAndRecover) {
  absl::StatusOr<Statement> s = db_.Prepare("SELECT ?1");
  s->Bind(2, 5);
  EXPECT_FALSE(s->Step());
  EXPECT_TRUE(absl::IsInvalidArgument(s->status())) << s->status();
  s->Bind(1, 5);
  EXPECT_TRUE(s->Step());
  EXPECT_TRUE(s->status().ok());
}

TEST_F(Statements, NameTheFileAndTheStatementThatIsWrong) {
  absl::StatusOr<Statement> s = db_.Prepare("SELECT nothing FROM nowhere");
  ASSERT_TRUE(absl::IsInternal(s.status())) << s.status();
  EXPECT_TRUE(Mentions(s.status(), MainPath()));
  EXPECT_TRUE(Mentions(s.status(), "SELECT nothing FROM nowhere"));
}

TEST_F(Statements, RefuseWhatConstraintsRefuseAndWorkOn) {
  ASSERT_TRUE(db_.Execute("CREATE TABLE u (k TEXT PRIMARY KEY CHECK (k <> 'x')) STRICT").ok());
  absl::StatusOr<Statement> s = db_.Prepare("INSERT INTO u VALUES (?1)");
  s->Bind(1, "a");
  EXPECT_TRUE(s->Run().ok());
  EXPECT_TRUE(absl::IsAlreadyExists(s->Run())) << s->status();
  s->Bind(1, "x");
  EXPECT_TRUE(absl::IsInvalidArgument(s->Run())) << s->status();
  s->Bind(1, "b");
  EXPECT_TRUE(s->Run().ok()) << s->status();
}

TEST_F(Statements, MayOutliveTheirDatabase) {
  absl::StatusOr<Statement> s = db_.Prepare("SELECT 7");
  db_ = Database();
  EXPECT_TRUE(s->Step());
  EXPECT_EQ(s->Int(0), 7);
}

TEST_F(Statements, AreRefusedByADatabaseThatIsNotOpen) {
  Database closed;
  EXPECT_TRUE(absl::IsFailedPrecondition(closed.Prepare("SELECT 1").status()));
  EXPECT_TRUE(absl::IsFailedPrecondition(closed.Execute("SELECT 1")));
}

TEST_F(Statements, AreTypedStrictly) {
  EXPECT_TRUE(absl::IsInvalidArgument(db_.Run("INSERT INTO t (i) VALUES (?1)", "no number")));
  for (const std::string& table :
       Column(db_,
              "SELECT name FROM pragma_table_list WHERE type = 'table' AND schema = 'main' "
              "AND name NOT LIKE 'sqlite_%' AND strict = 0")) {
    ADD_FAILURE() << table << " is not STRICT";
  }
}

TEST_F(Statements, DoNotTakeAMisspelledNameForText) {
  EXPECT_FALSE(db_.Prepare("SELECT i FROM t WHERE s = \"misspelled\"").ok());
}

TEST_F(Statements, OfATransactionStayOnlyWhenCommitted) {
  {
    absl::StatusOr<Transaction> transaction = Transaction::Begin(db_);
    ASSERT_TRUE(transaction.ok());
    ASSERT_TRUE(db_.Execute("INSERT INTO t (i) VALUES (1)").ok());
  }
  EXPECT_FALSE(db_.InTransaction());
  EXPECT_EQ(Number(db_, "SELECT count(*) FROM t"), 0);
  absl::StatusOr<Transaction> transaction = Transaction::Begin(db_);
  ASSERT_TRUE(transaction.ok());
  ASSERT_TRUE(db_.Execute("INSERT INTO t (i) VALUES (1)").ok());
  EXPECT_TRUE(db_.InTransaction());
  Transaction moved = *std::move(transaction);
  EXPECT_TRUE(moved.Commit().ok());
  EXPECT_TRUE(absl::IsFailedPrecondition(moved.Commit()));
  EXPECT_EQ(Number(db_, "SELECT count(*) FROM t"), 1);
}

}  // namespace
}  // namespace syncline::storage
