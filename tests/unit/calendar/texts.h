// Calendars written in a line or two, for the tests of the calendar provider.
#ifndef SYNCLINE_TESTS_UNIT_CALENDAR_TEXTS_H_
#define SYNCLINE_TESTS_UNIT_CALENDAR_TEXTS_H_

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "plugins/calendar/calendar_format.h"
#include "plugins/record_files/format.h"

namespace syncline::calendar {

// Lines with "\n" between them become lines of a file.
inline std::string Crlf(std::string_view lines) {
  std::string text;
  for (const char c : lines) {
    if (c == '\n') text += '\r';
    text += c;
  }
  return text;
}

inline std::string InCalendar(std::string_view body) {
  return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Test//EN\r\n" + Crlf(body) +
         "END:VCALENDAR\r\n";
}

// One event with the UID "e" and these lines (each with its "\n").
inline std::string Event(std::string_view lines) {
  return InCalendar("BEGIN:VEVENT\nUID:e\nDTSTAMP:20260101T000000Z\n" + std::string(lines) +
                    "END:VEVENT\n");
}

// A time zone of somebody's own with this offset ("+0100").
inline std::string Zone(std::string_view tzid, std::string_view offset) {
  const std::string to(offset);
  return "BEGIN:VTIMEZONE\nTZID:" + std::string(tzid) +
         "\nBEGIN:STANDARD\nDTSTART:19700101T000000\nTZOFFSETFROM:" + to + "\nTZOFFSETTO:" + to +
         "\nEND:STANDARD\nEND:VTIMEZONE\n";
}

inline std::unique_ptr<record_files::Book> BookOf(const std::string& text, Filter filter = {}) {
  return CalendarFormat(std::move(filter)).Parse(text);
}

inline std::string VersionOf(const std::string& text) {
  const auto book = BookOf(text);
  return book->entries().size() == 1 ? book->entries().front().version : "not one record";
}

inline size_t Count(std::string_view text, std::string_view what) {
  size_t count = 0;
  for (size_t at = text.find(what); at != std::string_view::npos; at = text.find(what, at + 1)) {
    ++count;
  }
  return count;
}

// The corpus: file name -> text.
inline std::map<std::string, std::string> Corpus() {
  std::map<std::string, std::string> corpus;
  for (const auto& file : std::filesystem::directory_iterator(SYNCLINE_TEST_DATA "/calendar")) {
    if (file.path().extension() != ".ics") continue;
    std::ifstream stream(file.path(), std::ios::binary);
    corpus[file.path().filename().string()] =
        std::string(std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>());
  }
  return corpus;
}

}  // namespace syncline::calendar

#endif  // SYNCLINE_TESTS_UNIT_CALENDAR_TEXTS_H_
