#pragma once

namespace tutti::viewer {

/// Keys by GLFW's numbers, which Dear ImGui is told on a screen and in scripts alike. Letters and digits are
/// their capital ASCII characters.
inline constexpr int key_escape = 256;
inline constexpr int key_enter = 257;
inline constexpr int key_backspace = 259;
inline constexpr int key_right = 262;
inline constexpr int key_left = 263;
inline constexpr int key_down = 264;
inline constexpr int key_up = 265;

/// A key that went down, or repeats. Dear ImGui 1.86 sees only keys that are still down when a frame begins.
struct KeyPress {
    int key = 0;
    bool with_control = false;
    bool with_shift = false;
};

}  // namespace tutti::viewer
