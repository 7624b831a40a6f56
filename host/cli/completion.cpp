// Completion. The scripts for the shells are thin: they pass the words typed so far to the program
// itself, so that a new option needs no new script.
#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "host/cli/commands.h"

namespace syncline::cli {
namespace {

constexpr char kBash[] = R"sh(# Completion of syncline for bash: source <(syncline completion bash)
_syncline() {
  local word
  COMPREPLY=()
  while IFS= read -r word; do
    [[ -n $word ]] && COMPREPLY+=("$(printf '%q' "$word")")
  done < <("${COMP_WORDS[0]}" __complete_quoted "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -o default -F _syncline syncline
)sh";

constexpr char kZsh[] = R"sh(#compdef syncline
# Completion of syncline for zsh: source <(syncline completion zsh)
_syncline() {
  local -a candidates
  candidates=("${(@f)$("${words[1]}" __complete "${(@Q)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ -n ${candidates[1]} ]]; then
    compadd -- "${candidates[@]}"
  else
    _files
  fi
}
compdef _syncline syncline
)sh";

constexpr char kFish[] = R"sh(# Completion of syncline for fish: syncline completion fish | source
function __syncline_words
    set -l words (commandline -opc) (commandline -ct)
    $words[1] __complete $words[2..-1] 2>/dev/null
end
complete -c syncline -n 'test -n "$(__syncline_words)"' -f -a '(__syncline_words)'
)sh";

// What bash hands over is as it was typed.
std::string Unquote(std::string_view word) {
  std::string plain;
  char quote = 0;
  for (size_t i = 0; i < word.size(); ++i) {
    const char c = word[i];
    if (c == '\\' && quote != '\'' && i + 1 < word.size()) {
      plain += word[++i];
    } else if (quote == 0 && (c == '\'' || c == '"')) {
      quote = c;
    } else if (c == quote && quote != 0) {
      quote = 0;
    } else {
      plain += c;
    }
  }
  return plain;
}

class Completer {
 public:
  explicit Completer(const HandlerFactory& open_handler) : open_handler_(open_handler) {}

  std::vector<std::string> Complete(std::vector<std::string> words) {
    if (words.empty()) words.emplace_back();
    const std::string typed = words.back();
    if (words.size() == 1) {
      for (const CLI::App* command : parser_.app().get_subcommands({})) {
        candidates_.push_back(command->get_name());
      }
      if (absl::StartsWith(typed, "-")) AddOptions(parser_.app());
      return Matching(typed);
    }
    CLI::App* command = nullptr;
    for (CLI::App* each : parser_.app().get_subcommands({})) {
      if (each->get_name() == words.front()) command = each;
    }
    if (command == nullptr) return {};
    // "--progress=ba" comes as one word, or from bash as "--progress", "=", "ba".
    const size_t equals = typed.find('=');
    if (absl::StartsWith(typed, "--") && equals != std::string::npos) {
      AddValues(*command, typed.substr(2, equals - 2));
      for (std::string& candidate : candidates_) {
        candidate = absl::StrCat(typed.substr(0, equals + 1), candidate);
      }
      return Matching(typed);
    }
    size_t before = words.size() - 2;
    std::string value = typed;
    if (typed == "=") {
      value.clear();
    } else if (words[before] == "=" && before > 1) {
      --before;
    }
    const CLI::Option* option = absl::StartsWith(words[before], "--")
                                    ? command->get_option_no_throw(words[before])
                                    : nullptr;
    if (option != nullptr && option->get_items_expected_max() > 0) {
      AddValues(*command, words[before].substr(2));
      return Matching(value);
    }
    if (absl::StartsWith(typed, "-")) {
      AddOptions(*command);
      return Matching(typed);
    }
    AddPlaces(*command, words);
    return Matching(typed);
  }

 private:
  void AddOptions(const CLI::App& command) {
    for (const CLI::Option* option : command.get_options()) {
      for (const std::string& name : option->get_lnames()) candidates_.push_back("--" + name);
    }
  }

  void AddValues(const CLI::App& command, const std::string& option) {
    candidates_ = Choices(option);
    if (option == "item") AddItems();
    if (option == "retry") AddProviders();
    if (option == "set" || option == "unset") AddSettings(command);
  }

  // What may stand at the place of the last word, counting the words that are no options.
  void AddPlaces(const CLI::App& command, const std::vector<std::string>& words) {
    size_t place = 0;
    for (size_t i = 1; i + 1 < words.size(); ++i) {
      if (!absl::StartsWith(words[i], "-")) {
        ++place;
        continue;
      }
      const CLI::Option* option = command.get_option_no_throw(words[i]);
      if (option != nullptr && option->get_items_expected_max() > 0) ++i;
    }
    size_t at = 0;
    for (const CLI::Option* option : command.get_options()) {
      if (!option->get_positional()) continue;
      if (at++ < place && option->get_items_expected_max() <= 1) continue;
      const std::string name = option->get_name();
      if (name == "ITEM") AddItems();
      if (name == "PROVIDER") AddProviders();
      if (name == "CONFLICT") AddConflicts();
      if (name == "SHELL") candidates_ = Choices("SHELL");
      return;
    }
  }

  Handler* Open() {
    if (handler_ == nullptr) {
      absl::StatusOr<std::unique_ptr<Handler>> handler = open_handler_();
      if (handler.ok()) handler_ = *std::move(handler);
    }
    return handler_.get();
  }
  void AddItems() {
    if (Open() == nullptr) return;
    const absl::StatusOr<std::vector<SyncItem>> items = handler_->Items();
    if (!items.ok()) return;
    for (const SyncItem& item : *items) candidates_.push_back(item.name);
    for (const SyncItem& item : *items) candidates_.push_back(item.id);
  }
  void AddProviders() {
    if (Open() == nullptr) return;
    const absl::StatusOr<std::vector<ProviderInfo>> providers = handler_->Providers();
    if (!providers.ok()) return;
    for (const ProviderInfo& provider : *providers) candidates_.push_back(provider.id);
  }
  void AddSettings(const CLI::App& command) {
    if (Open() == nullptr) return;
    const absl::StatusOr<std::vector<ProviderInfo>> providers = handler_->Providers();
    if (!providers.ok()) return;
    const bool set = command.get_name() == "add";
    for (const ProviderInfo& provider : *providers) {
      for (const ProviderInfo::Setting& setting : provider.settings) {
        candidates_.push_back(set ? setting.key + "=" : setting.key);
      }
    }
  }
  void AddConflicts() {
    if (Open() == nullptr) return;
    const absl::StatusOr<std::vector<ConflictInfo>> conflicts = handler_->Conflicts(std::nullopt);
    if (!conflicts.ok()) return;
    for (const ConflictInfo& conflict : *conflicts) {
      candidates_.push_back(absl::StrCat(conflict.id));
    }
  }

  std::vector<std::string> Matching(const std::string& typed) {
    std::vector<std::string> matching;
    for (const std::string& candidate : candidates_) {
      // A name that is not plain text cannot be typed; its id can.
      if (absl::StartsWithIgnoreCase(candidate, typed) && !candidate.empty() &&
          protocol::DisplayText(candidate) == candidate &&
          std::find(matching.begin(), matching.end(), candidate) == matching.end()) {
        matching.push_back(candidate);
      }
    }
    return matching;
  }

  const HandlerFactory& open_handler_;
  std::unique_ptr<Handler> handler_;
  Parser parser_;
  std::vector<std::string> candidates_;
};

}  // namespace

std::string CompletionScript(const std::string& shell) {
  if (shell == "zsh") return kZsh;
  if (shell == "fish") return kFish;
  return kBash;
}

std::vector<std::string> CompleteWords(std::vector<std::string> words, bool quoted,
                                       const HandlerFactory& open_handler) {
  if (quoted) {
    for (std::string& word : words) word = Unquote(word);
  }
  return Completer(open_handler).Complete(std::move(words));
}

}  // namespace syncline::cli
