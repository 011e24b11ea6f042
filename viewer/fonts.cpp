#include "viewer/fonts.hpp"

// The files as they are, put in by the assembler: TUTTI_REGULAR_FONT and TUTTI_BOLD_FONT are their paths.
__asm__(
    ".pushsection .rodata\n"
    ".balign 16\n"
    "tutti_regular_font_begin: .incbin \"" TUTTI_REGULAR_FONT
    "\"\n"
    "tutti_regular_font_end: .byte 0\n"
    ".balign 16\n"
    "tutti_bold_font_begin: .incbin \"" TUTTI_BOLD_FONT
    "\"\n"
    "tutti_bold_font_end: .byte 0\n"
    ".popsection\n");

extern "C" {
extern const unsigned char tutti_regular_font_begin[];
extern const unsigned char tutti_regular_font_end[];
extern const unsigned char tutti_bold_font_begin[];
extern const unsigned char tutti_bold_font_end[];
}

namespace tutti::viewer {

std::span<const unsigned char> regular_typeface() {
    return {tutti_regular_font_begin, tutti_regular_font_end};
}

std::span<const unsigned char> bold_typeface() { return {tutti_bold_font_begin, tutti_bold_font_end}; }

}  // namespace tutti::viewer
