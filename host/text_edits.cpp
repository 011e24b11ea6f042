#include "host/text_edits.hpp"

#include <algorithm>

#include "engine/errors.hpp"

namespace tutti {

namespace {

bool begins_character(char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }

}  // namespace

TextEdits::TextEdits(std::string text) : text_(std::move(text)) {
    const std::string mark = "\xEF\xBB\xBF";
    line_begins_.push_back(text_.starts_with(mark) ? mark.size() : 0);
    for (std::size_t i = 0; i < text_.size(); ++i) {
        if (text_[i] == '\n') line_begins_.push_back(i + 1);
    }
    const std::size_t first_end = text_.find('\n');
    if (first_end != std::string::npos && first_end > 0 && text_[first_end - 1] == '\r') newline_ = "\r\n";
}

std::size_t TextEdits::offset(Place place) const {
    std::size_t at = line_begin(place.line);
    for (int column = 1; column < place.column && at < text_.size(); ++column) {
        ++at;
        while (at < text_.size() && !begins_character(text_[at])) ++at;
    }
    return at;
}

std::size_t TextEdits::line_begin(int line) const {
    TUTTI_CHECK(line >= 1);
    return line > static_cast<int>(line_begins_.size()) ? text_.size() : line_begins_[line - 1];
}

std::size_t TextEdits::line_end(int line) const { return line_begin(line + 1); }

std::string TextEdits::indent(int line) const {
    const std::size_t begin = line_begin(line);
    const std::size_t end = std::min(text_.find_first_not_of(" \t", begin), text_.size());
    return text_.substr(begin, end - begin);
}

void TextEdits::replace(std::size_t begin, std::size_t end, std::string with) {
    edits_.push_back({begin, end, std::move(with)});
}

void TextEdits::insert_lines(int line, const std::vector<std::string>& lines) {
    const std::size_t at = line_begin(line);
    std::string block;
    const bool is_open = at == text_.size() && !text_.empty() && text_.back() != '\n';
    for (const std::string& one : lines) block += is_open ? newline_ + one : one + newline_;
    insert(at, std::move(block));
}

std::string TextEdits::edited() const {
    std::vector<Edit> edits = edits_;
    std::stable_sort(edits.begin(), edits.end(),
                     [](const Edit& a, const Edit& b) { return a.begin < b.begin; });
    std::string result;
    std::size_t done = 0;
    for (const Edit& edit : edits) {
        TUTTI_CHECK(edit.begin >= done && edit.end <= text_.size());
        result.append(text_, done, edit.begin - done).append(edit.with);
        done = edit.end;
    }
    return result.append(text_, done);
}

}  // namespace tutti
