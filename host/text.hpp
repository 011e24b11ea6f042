#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tutti {

/// Well-formed UTF-8 (RFC 3629: no overlong forms, no surrogates).
bool is_utf8(std::string_view text);

/// True when the text holds a control character: U+0000 ... U+001F, U+007F ... U+009F.
bool has_control_characters(std::string_view text);

/// The text in double quotes on one line, as a TOML basic string; bytes that are not UTF-8 appear as \xNN.
std::string in_quotes(std::string_view text);

/// The same without quotes, and with quotes inside left alone: for a path or a name in a message or a
/// comment.
std::string printable(std::string_view text);

/// The shortest decimal text that reads back as the same number, never with an exponent: "-3", "0.5", "-inf".
std::string number_text(double number);

/// "a", "a or b", "a, b or c".
std::string joined_with_or(std::span<const std::string> words);

/// Characters (code points) of UTF-8 text.
int character_count(std::string_view text);

/// The words of a text on lines of at most `width` characters, or of one word that is longer.
std::vector<std::string> wrapped(std::string_view text, int width);

/// The known word that is nearest to `word`, or empty when none is near.
/// Near: one edit (insertion, deletion, replacement, swap of neighbours; case is free) per four letters, at
/// least one from three letters on; or one is the other without its unit ("attack" for "attack_ms").
std::string nearest_word(std::string_view word, std::span<const std::string> known);

}  // namespace tutti
