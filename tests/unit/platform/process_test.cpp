// Children, their channel and output, and what a process knows about itself. All with real
// processes.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <thread>

#include "tests/support/scratch.h"
#include "tests/unit/platform/child.h"

namespace syncline::platform {
namespace {

using testing::RunningProgram;
using testing::TempDir;

TEST(Children, AnswerThroughTheChannel) {
  const auto child = StartChild("echo");
  ASSERT_TRUE(child->channel().Write("hello").ok());
  EXPECT_EQ(Hear(*child), "hello");
  EXPECT_TRUE(absl::IsDeadlineExceeded(child->Wait(absl::Milliseconds(20)).status()));
}

TEST(Children, ChannelCarriesMoreThanItsBuffer) {
  const auto child = StartChild("echo");
  const std::string text(5 << 20, 'x');
  std::thread writer([&] { EXPECT_TRUE(child->channel().Write(text).ok()); });
  std::string heard;
  std::string part(1 << 16, '\0');
  while (heard.size() < text.size()) {
    const auto n = child->channel().Read(part.data(), part.size(), absl::Seconds(20));
    ASSERT_TRUE(n.ok() && *n > 0) << n.status();
    heard.append(part, 0, *n);
  }
  writer.join();
  EXPECT_TRUE(heard == text);
}

TEST(Children, ReadWaitsNoLongerThanTold) {
  const auto child = StartChild("echo");
  char byte;
  const absl::Time start = absl::Now();
  EXPECT_TRUE(
      absl::IsDeadlineExceeded(child->channel().Read(&byte, 1, absl::Milliseconds(50)).status()));
  EXPECT_GE(absl::Now() - start, absl::Milliseconds(50));
  EXPECT_LT(absl::Now() - start, absl::Seconds(5));
}

TEST(Children, ThatAreGoneCloseTheChannel) {
  const auto child = StartChild("print", "1");
  char byte;
  EXPECT_EQ(child->channel().Read(&byte, 1, absl::Seconds(20)).value(), 0u);
  ASSERT_TRUE(child->Wait(absl::Seconds(20)).ok());
  EXPECT_TRUE(absl::IsUnavailable(child->channel().Write("hello")));  // and no SIGPIPE
}

TEST(Children, EndsAreTold) {
  EXPECT_EQ(StartChild("print", "0")->Wait(absl::Seconds(20))->description, "exit code 0");
  const ExitReport crash = StartChild("crash")->Wait(absl::Seconds(20)).value();
  EXPECT_TRUE(crash.by_signal);
  EXPECT_EQ(crash.code, SIGABRT);
  EXPECT_EQ(crash.description, "signal 6 (Aborted)");
  const auto child = StartChild("forever");
  child->Kill();
  EXPECT_EQ(child->Wait(absl::Seconds(20))->code, SIGKILL);
  EXPECT_EQ(child->Wait(absl::ZeroDuration())->code, SIGKILL);  // told again
  child->Kill();                                                // nobody else is hit
}

TEST(Children, KillComesThroughWhileSomebodyWaits) {
  const auto child = StartChild("forever");
  std::thread killer([&] {
    absl::SleepFor(absl::Milliseconds(30));
    child->Kill();
  });
  EXPECT_EQ(child->Wait(absl::InfiniteDuration())->code, SIGKILL);
  killer.join();
}

TEST(Children, AreKilledWithTheirObject) {
  auto child = StartChild("forever");
  const auto pid = static_cast<pid_t>(child->id());
  child.reset();
  EXPECT_EQ(kill(pid, 0), -1);
}

TEST(Children, TakeWhatTheyStartedWithThem) {
  auto child = StartChild("grandchild");
  EXPECT_EQ(Hear(*child), "ready");
  const auto pid = static_cast<pid_t>(std::stol(child->Output()));
  ASSERT_EQ(kill(pid, 0), 0);
  child->Kill();
  ASSERT_TRUE(child->Wait(absl::Seconds(20)).ok());
  // Gone or waiting for the system to bury it.
  EXPECT_TRUE(Soon([&] {
    const auto status = ReadWholeFile("/proc/" + std::to_string(pid) + "/stat", 4096);
    return !status.ok() || status->find(") Z ") != std::string::npos;
  }));
}

TEST(Children, OutputOfBothStreamsIsKept) {
  const auto child = StartChild("print", "2");
  ASSERT_TRUE(child->Wait(absl::Seconds(20)).ok());
  EXPECT_EQ(child->Output(), "line 0\nline 1\nthe end");
}

TEST(Children, PrintMuchWithoutWaitingAndTheLastIsKept) {
  const auto child = StartChild("print", "500000");  // some 6 MB, which nobody asks for meanwhile
  EXPECT_EQ(child->Wait(absl::Seconds(20))->description, "exit code 0");
  const std::string output = child->Output();
  EXPECT_EQ(output.size(), 64u * 1024);
  const std::string end = "line 499998\nline 499999\nthe end";
  EXPECT_EQ(output.substr(output.size() - end.size()), end);
}

TEST(Children, StartInAKnownState) {
  // Neither a descriptor without CLOEXEC, nor an ignored or blocked signal of this process.
  const int leaky = open("/", O_RDONLY);  // NOLINT(android-cloexec-open): what the test is about
  const auto before = signal(SIGTERM, SIG_IGN);
  sigset_t blocked;
  sigset_t mask;
  sigemptyset(&blocked);
  sigaddset(&blocked, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &blocked, &mask);
  const auto child = StartChild("surroundings");
  ASSERT_TRUE(child->Wait(absl::Seconds(20)).ok());
  EXPECT_EQ(child->Output(), "fds 0 1 2 3 / group own / SIGTERM default open / stdin empty");
  pthread_sigmask(SIG_SETMASK, &mask, nullptr);
  signal(SIGTERM, before);
  close(leaky);
}

TEST(Children, LeaveNoDescriptorBehind) {
  const auto count = [] {
    DirListing listing;
    EXPECT_TRUE(ListDir(*OpenDir("/proc/self/fd"), &listing).ok());
    return listing.entries.size();
  };
  const auto keeps_reader = StartChild("forever");
  const size_t before = count();
  for (int i = 0; i < 20; ++i) StartChild("print", "1")->Wait(absl::Seconds(20)).value();
  EXPECT_EQ(count(), before);
}

TEST(Children, ThatCannotStartAreAnError) {
  EXPECT_TRUE(absl::IsNotFound(Process::Start({"/no/such/program", {}, {}}).status()));
  EXPECT_TRUE(absl::IsPermissionDenied(Process::Start({"/", {}, {}}).status()));
}

TEST(Children, GetArgumentsAndEnvironment) {
  Process::Options options;
  options.program = "/bin/sh";
  options.arguments = {"-c", "echo \"$1,$HOME,$PATH_OF_NOTHING\"", "sh", "two words"};
  options.environment = {{"HOME", "/elsewhere"}};
  setenv("PATH_OF_NOTHING", "inherited", 1);
  const auto child = Process::Start(options).value();
  ASSERT_TRUE(child->Wait(absl::Seconds(20)).ok());
  EXPECT_EQ(child->Output(), "two words,/elsewhere,inherited\n");
}

TEST(Channel, IsNotThereWhenStartedByHand) {
  EXPECT_NE(RunChild("by hand").out.find("started by hand"), std::string::npos);
}

TEST(Channel, IsTakenOnce) {
  EXPECT_EQ(StartChild("channel twice")->Wait(absl::Seconds(20))->code, 0);
}

TEST(Interrupts, EachOneIsToldOnce) {
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
    RunningProgram program({ProgramPath().value()}, {{"SYNCLINE_TEST_CHILD", "interrupts"}});
    ASSERT_TRUE(Soon([&] { return program.Out() == "ready\n"; }));
    program.Signal(number);
    absl::SleepFor(absl::Milliseconds(50));
    program.Signal(number);
    EXPECT_EQ(program.Finish().exit_code, 5) << number;
  }
}

TEST(Interrupts, AreThePreviousHandlersAgainAfterwards) {
  struct sigaction before {};
  struct sigaction after {};
  sigaction(SIGINT, nullptr, &before);
  InterruptWatch::Start([] {}).reset();
  sigaction(SIGINT, nullptr, &after);
  EXPECT_EQ(before.sa_handler, after.sa_handler);
}

TEST(ThisProcess, KnowsItself) {
  FileInfo by_path = StatPath(ProgramPath().value()).value();
  FileInfo by_proc = StatPath("/proc/self/exe").value();
  EXPECT_EQ(by_path.file_id, by_proc.file_id);
  EXPECT_EQ(ProcessId(), getpid());
  setenv("SYNCLINE_TEST_VALUE", "set", 1);
  EXPECT_EQ(Environment("SYNCLINE_TEST_VALUE"), "set");
  EXPECT_EQ(Environment("SYNCLINE_TEST_NO_VALUE"), "");
  EXPECT_EQ(UserId(), geteuid());
  EXPECT_FALSE(IsPrivateGroup(1'234'567));
  if (getegid() != 100) {  // "users" on Debian
    EXPECT_FALSE(IsPrivateGroup(100));
  }
}

}  // namespace
}  // namespace syncline::platform
