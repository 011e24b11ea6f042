#pragma once

#include <string>
#include <vector>

#include "host/session.hpp"

namespace tutti {

/// Changes to a text at places of it; what lies between stays as it is, to the byte.
class TextEdits {
  public:
    explicit TextEdits(std::string text);

    /// The byte at a place: lines end with "\n", columns count characters, a byte order mark is none.
    std::size_t offset(Place place) const;
    std::size_t line_begin(int line) const;
    /// Where the next line begins, or the text's end.
    std::size_t line_end(int line) const;
    /// Blanks in front of a line's first other character.
    std::string indent(int line) const;
    /// "\r\n" where the first line ends so, else "\n".
    const std::string& newline() const { return newline_; }
    const std::string& text() const { return text_; }

    /// What is put at one offset several times stands there in the order it was given.
    void replace(std::size_t begin, std::size_t end, std::string with);
    void insert(std::size_t at, std::string what) { replace(at, at, std::move(what)); }

    /// Whole lines, each without its end, in front of line `line` (the one past the last: at the end).
    void insert_lines(int line, const std::vector<std::string>& lines);

    std::string edited() const;

  private:
    struct Edit {
        std::size_t begin;
        std::size_t end;
        std::string with;
    };

    std::string text_;
    std::string newline_ = "\n";
    std::vector<std::size_t> line_begins_;
    std::vector<Edit> edits_;
};

}  // namespace tutti
