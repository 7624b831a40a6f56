// The commands and options of `syncline` and their help. CLI11 reports errors by exceptions; they
// end in Parse().
#include <map>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "host/cli/arguments.h"
#include "host/cli/text.h"

namespace syncline::cli {
namespace {

constexpr char kMainHelp[] = R"(A first sync:
  syncline add folders --name Notes ~/notes /media/stick/notes
  syncline sync Notes --dry-run
  syncline sync Notes

Where ITEM stands, its name or its id is taken. Help for one command: syncline COMMAND --help

Exit codes:
  0  done
  1  something failed; also when only some records did
  2  wrong usage: unknown command, option, value, item, provider or conflict, or a location that
     cannot be used
  3  done, but conflicts wait for a decision
  4  stopped by a guard before anything was lost
  5  the item is busy in another process
  130  cancelled

Environment:
  SYNCLINE_HOME         the data folder; by default the platform's
  SYNCLINE_PLUGIN_PATH  more folders to look for providers in, separated like those of PATH
  SYNCLINE_HANG_SECONDS how long a provider may show no activity before it is taken
                        for hung and ended; 60 by default
  NO_COLOR              no colours, if set and not empty
)";

constexpr size_t kColumn = 26;  // where descriptions start
constexpr size_t kWidth = 80;   // of the help, for the narrowest usual terminal

// CLI11 puts what follows a line break below the description's start, but breaks no line itself.
std::string Wrapped(const std::string& description) {
  std::string wrapped;
  size_t used = 0;
  for (const absl::string_view word : absl::StrSplit(description, ' ')) {
    if (used > 0) {
      const bool fits = used + 1 + word.size() <= kWidth - kColumn;
      wrapped += fits ? ' ' : '\n';
      used = fits ? used + 1 : 0;
    }
    wrapped.append(word.data(), word.size());
    used += word.size();
  }
  return wrapped;
}

// One value for each time an option is given, and as it was written: by default CLI11 would let the
// option swallow the places that follow it, and would take "[a,b]" apart.
CLI::Option* Repeatable(CLI::Option* option) {
  return option->expected(1)->allow_extra_args(false)->multi_option_policy(
      CLI::MultiOptionPolicy::TakeAll);
}

CLI::Option* OneOf(CLI::Option* option, std::string_view name) {
  const std::vector<std::string> choices = Choices(name);
  return option
      ->check([choices](const std::string& value) {
        for (const std::string& choice : choices) {
          if (choice == value) return std::string();
        }
        return absl::StrCat("\"", value, "\" is none of ", absl::StrJoin(choices, ", "));
      })
      ->type_name(absl::StrJoin(choices, "|"));
}

}  // namespace

std::vector<std::string> Choices(std::string_view name) {
  static const auto* const kChoices = new std::map<std::string_view, std::vector<std::string>>{
      {"direction", {"two-way", "mirror", "add"}},
      {"conflict", {"ask", "newer", "a", "b", "both"}},
      {"progress", {"auto", "bar", "plain", "json", "none"}},
      {"level", {"information", "warning", "error"}},
      {"keep", {"a", "b", "both", "merge"}},
      {"SHELL", {"bash", "zsh", "fish"}},
  };
  const auto found = kChoices->find(name);
  return found == kChoices->end() ? std::vector<std::string>() : found->second;
}

Parser::Parser() : app_("Syncline keeps two replicas of any kind of data in step.", "syncline") {
  app_.set_help_flag("-h,--help", "Show this help");
  app_.set_version_flag("--version", "syncline " SYNCLINE_VERSION "\n", "Show the version");
  app_.allow_windows_style_options(false);
  app_.require_subcommand(1);
  app_.footer(kMainHelp);
  app_.get_formatter()->column_width(kColumn);
  app_.get_formatter()->label("REQUIRED", "(required)");
  app_.get_formatter()->label("OPTIONS", "OPTION...");
  app_.get_formatter()->label("SUBCOMMAND", "COMMAND");
  app_.get_formatter()->label("Positionals", "Arguments");
  AddItemCommands();
  AddSyncCommands();
  AddStoreCommands();
  for (CLI::App* command : app_.get_subcommands({})) {
    for (CLI::Option* option : command->get_options()) {
      option->description(Wrapped(option->get_description()));
      if (option->get_items_expected_max() > 0) {
        option->transform([](std::string value) { return Unguarded(std::move(value)); });
      }
    }
  }
}

CLI::App* Parser::Command(const std::string& name, const std::string& description,
                          const std::string& examples) {
  CLI::App* command = app_.add_subcommand(name, description);
  command->group("Commands");
  command->footer(absl::StrCat("Examples:\n", examples));
  return command;
}

void Parser::Json(CLI::App* command, const std::string& what) {
  command->add_flag("--json", arguments_.json, what);
}

void Parser::AddItemOptions(CLI::App* command, bool edit) {
  Arguments& a = arguments_;
  Repeatable(command->add_option("--set", a.set,
                                 "A setting of the provider; see: syncline providers PROVIDER. May "
                                 "be given several times"))
      ->type_name("KEY=VALUE");
  if (edit) {
    Repeatable(command->add_option("--unset", a.unset, "Back to the setting's default"))
        ->type_name("KEY");
  }
  OneOf(
      command->add_option("--direction", a.direction,
                          "two-way; mirror: make B like A; add: copy what is new on A to B, remove "
                          "nothing"),
      "direction");
  OneOf(command->add_option("--conflict", a.conflict_policy,
                            "What to do when both sides changed a record: ask, keep the newer one, "
                            "A, B, or both"),
        "conflict");
  Repeatable(
      command->add_option("--exclude", a.exclude,
                          "Leave out what matches, in gitignore syntax. May be given several "
                          "times; the last pattern that matches counts"))
      ->type_name("PATTERN");
  Repeatable(command->add_option("--include", a.include,
                                 "Take in again what an earlier --exclude left out"))
      ->type_name("PATTERN");
  if (edit) {
    command->add_flag("--no-filters", a.no_filters,
                      "Forget all patterns; those given beside it are the new ones");
  }
}

void Parser::AddItemCommands() {
  Arguments& a = arguments_;
  CLI::App* providers = Command("providers", "Show the kinds of data that can be synced",
                                "  syncline providers\n"
                                "  syncline providers folders      its settings, too\n"
                                "  syncline providers --retry contacts\n");
  providers->add_option("PROVIDER", a.provider, "Show only this one, with its settings")
      ->type_name("");
  providers->add_option("--retry", a.retry, "Load a quarantined provider again: its id or its file")
      ->type_name("ID");
  Json(providers, "Print one JSON document");

  CLI::App* add = Command(
      "add", "Make a sync item of two replicas",
      "  syncline add folders --name Notes ~/notes /media/stick/notes\n"
      "  syncline add folders --name Web ./site /srv/site --direction mirror --exclude '*.tmp'\n");
  add->add_option("PROVIDER", a.provider, "The kind of data; see: syncline providers")
      ->required()
      ->type_name("");
  add->add_option("A", a.location_a, "One side: a path or URL")->required()->type_name("");
  add->add_option("B", a.location_b, "The other side: a path or URL")->required()->type_name("");
  add->add_option("--name", a.name, "How the item is called")->required()->type_name("NAME");
  AddItemOptions(add, false);
  Json(add, "Print the new item as a JSON document");

  Json(Command("items", "List the sync items", "  syncline items\n  syncline items --json\n"),
       "Print one JSON document");

  CLI::App* show =
      Command("show", "Show one sync item with all its settings, and what is safe",
              "  syncline show Notes\n"
              "  syncline show Card         if its setting verify is yes, also what may "
              "be\n"
              "                             removed on side A, since B has it\n");
  show->add_option("ITEM", a.item, "Name or id")->required()->type_name("");
  Json(show, "Print one JSON document");

  CLI::App* edit = Command(
      "edit", "Change a sync item",
      "  syncline edit Notes --name 'My notes'\n"
      "  syncline edit Notes --exclude '*.bak' --exclude /drafts/ --include /drafts/final.txt\n"
      "  syncline edit Notes --no-filters --conflict newer\n");
  edit->add_option("ITEM", a.item, "Name or id")->required()->type_name("");
  edit->add_option("--name", a.name, "A new name")->type_name("NAME");
  edit->add_option("--location-a", a.location_a, "A new place of side A: a path or URL")
      ->type_name("LOCATION");
  edit->add_option("--location-b", a.location_b, "A new place of side B: a path or URL")
      ->type_name("LOCATION");
  AddItemOptions(edit, true);
  Json(edit, "Print the changed item as a JSON document");

  const auto several = [&](const char* name, const char* description, const char* examples) {
    CLI::App* command = Command(name, description, examples);
    command->add_option("ITEM", a.items, "Names or ids")
        ->required()
        ->expected(1, -1)
        ->type_name("");
  };
  several("enable", "Let sync items take part in syncs of all items", "  syncline enable Notes\n");
  several("disable", "Leave sync items out of syncs of all items",
          "  syncline disable Notes Photos\n");
  several("remove", "Forget sync items; the data on both sides stays as it is",
          "  syncline remove Notes\n");
}

void Parser::AddSyncCommands() {
  Arguments& a = arguments_;
  const auto progress = [&](CLI::App* command) {
    OneOf(command->add_option("--progress", a.progress,
                              "How to show progress; auto: bars on a terminal, else plain lines"),
          "progress");
    command->add_flag("-q,--quiet", a.quiet, "Print nothing but errors");
    Json(command, "Print the result as one JSON document; progress goes to stderr");
  };
  CLI::App* sync = Command("sync", "Synchronize the named items, or all enabled ones",
                           "  syncline sync\n"
                           "  syncline sync Notes Photos\n"
                           "  syncline sync Notes --dry-run\n"
                           "  syncline sync Notes --allow-deletes    after a guard stopped it\n"
                           "  syncline sync Photos --relayout -n     where would its records go?\n"
                           "  syncline sync --progress=json          one JSON object a line\n");
  sync->add_option("ITEM", a.items, "Names or ids; all enabled items when none is named")
      ->expected(0, -1)
      ->type_name("");
  sync->add_flag("-n,--dry-run", a.dry_run, "Only show what would be done");
  sync->add_flag("--allow-deletes", a.allow_deletes,
                 "Go on although very many records were deleted on one side");
  sync->add_flag("--accept-root", a.accept_root,
                 "Go on although a location is another one than last time: both sides are compared "
                 "anew and nothing is removed");
  sync->add_flag("--relayout", a.relayout,
                 "First move each record to where the settings want it now, such as a layout by "
                 "date; only for providers that have one");
  progress(sync);

  Json(Command("status", "Show each item's last result and what waits",
               "  syncline status\n  syncline status --json\n"),
       "Print one JSON document");

  CLI::App* resolve = Command("resolve", "Decide conflicts and carry the decisions out",
                              "  syncline resolve 12 --keep a\n"
                              "  syncline resolve 12 13 --keep both\n"
                              "  syncline resolve 14 --keep merge --take birthday=a\n"
                              "  syncline resolve --all --item Notes --keep b\n");
  resolve->add_option("CONFLICT", a.conflicts, "Numbers that `syncline conflicts` shows")
      ->expected(0, -1)
      ->type_name("");
  OneOf(resolve
            ->add_option("--keep", a.keep,
                         "The version to keep: of side A, of side B, both, or the two merged "
                         "where the provider can")
            ->required(),
        "keep");
  Repeatable(resolve->add_option("--take", a.take,
                                 "With --keep merge: whose value a field takes that both sides "
                                 "changed differently. May be given several times; on a terminal "
                                 "you are asked for the rest"))
      ->type_name("FIELD=a|b");
  resolve->add_flag("--all", a.all, "All conflicts that wait");
  resolve->add_option("--item", a.item, "With --all: only those of this item")->type_name("ITEM");
  progress(resolve);
}

void Parser::AddStoreCommands() {
  Arguments& a = arguments_;
  CLI::App* events = Command("events", "Show what happened, newest last",
                             "  syncline events --level warning\n"
                             "  syncline events --item Notes --limit 20\n"
                             "  syncline events --before 4711        older ones\n");
  events->add_option("--item", a.item, "Only of this item")->type_name("ITEM");
  events->add_option("--session", a.session, "Only of this session")->type_name("NUMBER");
  OneOf(events->add_option("--level", a.level, "Only this level and graver ones"), "level");
  events->add_option("--limit", a.limit, "At most so many, 100 by default")
      ->check(CLI::Range(1, 100000))
      ->type_name("NUMBER");
  events->add_option("--before", a.before, "Only events older than the one with this id")
      ->check([](const std::string& id) {
        int64_t number = 0;
        return absl::SimpleAtoi(id, &number) && number > 0
                   ? std::string()
                   : absl::StrCat("\"", id, "\" is no id of an event; those are 1, 2, 3 and so on");
      })
      ->type_name("ID");
  Json(events, "Print one JSON document, newest first");

  CLI::App* conflicts = Command("conflicts", "Show the conflicts that wait, both sides",
                                "  syncline conflicts\n  syncline conflicts Notes --json\n");
  conflicts->add_option("ITEM", a.item, "Only of this item")->type_name("");
  Json(conflicts, "Print one JSON document");

  CLI::App* completion =
      Command("completion", "Print a script that completes commands in your shell",
              "  source <(syncline completion bash)          in ~/.bashrc\n"
              "  source <(syncline completion zsh)           in ~/.zshrc, after compinit\n"
              "  syncline completion fish | source           in ~/.config/fish/config.fish\n");
  OneOf(completion->add_option("SHELL", a.shell, "bash, zsh or fish")->required(), "SHELL")
      ->type_name("");
}

}  // namespace syncline::cli
