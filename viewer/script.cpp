#include "viewer/script.hpp"

#include <imgui.h>

#include <charconv>
#include <cstdio>
#include <fstream>
#include <map>

#include "engine/errors.hpp"
#include "host/text.hpp"
#include "viewer/key_codes.hpp"
#include "viewer/picture_file.hpp"
#include "viewer/state_text.hpp"

namespace tutti::viewer {

namespace {

float number_at(const Action& words, std::size_t index) {
    if (index >= words.size()) throw InputError(words.front() + " lacks a number");
    const std::string& word = words[index];
    float number = 0.0F;
    const auto read = std::from_chars(word.data(), word.data() + word.size(), number);
    if (read.ec != std::errc() || read.ptr != word.data() + word.size()) {
        throw InputError(in_quotes(word) + " is no number");
    }
    return number;
}

int button_at(const Action& words, std::size_t index) {
    if (index >= words.size() || words[index] == "left") return ImGuiMouseButton_Left;
    if (words[index] == "right") return ImGuiMouseButton_Right;
    if (words[index] == "middle") return ImGuiMouseButton_Middle;
    throw InputError(in_quotes(words[index]) + " is no button; there are left, right and middle");
}

int key_code(const std::string& name) {
    static const std::map<std::string, int> codes = {
        {"escape", key_escape}, {"enter", key_enter}, {"backspace", key_backspace},
        {"left", key_left},     {"right", key_right}, {"up", key_up},
        {"down", key_down}};
    const auto found = codes.find(name);
    if (found != codes.end()) return found->second;
    if (name.size() == 6 && name.starts_with("ctrl+") && name[5] >= 'a' && name[5] <= 'z') {
        return name[5] - 'a' + 'A';
    }
    throw InputError(in_quotes(name) + " is no key that scripts know");
}

}  // namespace

Script::Script(Stage& stage, int width, int height) : stage_(stage), width_(width), height_(height) {
    ImGuiIO& io = ImGui::GetIO();
    io.DeltaTime = 1.0F / 60.0F;
    io.MousePos = {-FLT_MAX, -FLT_MAX};
    io.KeyMap[ImGuiKey_Escape] = key_escape;
    io.KeyMap[ImGuiKey_Enter] = key_enter;
    io.KeyMap[ImGuiKey_Backspace] = key_backspace;
    io.KeyMap[ImGuiKey_A] = 'A';
}

void Script::draw_frames(int count) {
    for (int i = 0; i < count; ++i) {
        ImGui::GetIO().DeltaTime = 1.0F / 60.0F;
        stage_.draw_frame(width_, height_);
    }
}

void Script::move_to(float x, float y) {
    ImGui::GetIO().MousePos = {x, y};
    draw_frames(1);
}

void Script::hold(int button, bool is_down) {
    ImGui::GetIO().MouseDown[button] = is_down;
    draw_frames(1);
}

bool Script::run_mouse(const Action& words) {
    const std::string& what = words.front();
    if (what == "move") {
        move_to(number_at(words, 1), number_at(words, 2));
    } else if (what == "press" || what == "release") {
        hold(button_at(words, 1), what == "press");
    } else if (what == "click") {
        move_to(number_at(words, 1), number_at(words, 2));
        hold(button_at(words, 3), true);
        hold(button_at(words, 3), false);
    } else if (what == "drag") {
        constexpr int steps = 10;
        const float x = number_at(words, 1);
        const float y = number_at(words, 2);
        const float dx = (number_at(words, 3) - x) / steps;
        const float dy = (number_at(words, 4) - y) / steps;
        move_to(x, y);
        hold(button_at(words, 5), true);
        for (int i = 1; i <= steps; ++i) {
            move_to(x + dx * static_cast<float>(i), y + dy * static_cast<float>(i));
        }
        hold(button_at(words, 5), false);
    } else if (what == "wheel") {
        ImGui::GetIO().MouseWheel = number_at(words, 1);
        draw_frames(1);
    } else {
        return false;
    }
    return true;
}

bool Script::run_keyboard(const Action& words) {
    ImGuiIO& io = ImGui::GetIO();
    const std::string& what = words.front();
    if (what != "type" && what != "key" && what != "shift") return false;
    if (words.size() != 2) throw InputError(what + " takes one word");
    if (what == "type") {
        io.AddInputCharactersUTF8(words[1].c_str());
    } else if (what == "shift") {
        io.KeyShift = words[1] == "on";
    } else {
        const int code = key_code(words[1]);
        io.KeyCtrl = words[1].starts_with("ctrl+");
        io.KeysDown[code] = true;
        stage_.app().press({code, io.KeyCtrl, io.KeyShift});
        draw_frames(1);
        io.KeysDown[code] = false;
        io.KeyCtrl = false;
    }
    draw_frames(1);
    return true;
}

void Script::run_line(const Action& words) {
    const std::string& what = words.front();
    if (run_mouse(words) || run_keyboard(words)) {
        draw_frames(1);
    } else if (what == "frames") {
        draw_frames(static_cast<int>(number_at(words, 1)));
    } else if (what == "timings") {
        const std::string text = stage_.times().text();
        std::printf("%s%s%s\n", words.size() > 1 ? words[1].c_str() : "", words.size() > 1 ? ": " : "",
                    text.c_str());
        stage_.times() = {};
    } else if (what == "print") {
        std::fputs(state_text(stage_.app().state()).c_str(), stdout);
    } else if (what == "screenshot") {
        if (words.size() != 2) throw InputError("screenshot takes the name of a file");
        write_picture(stage_.canvas().read(), words[1]);
    } else if (what == "drop") {
        if (words.size() != 2) throw InputError("drop takes the name of a file or a folder");
        stage_.app().take_dropped(words[1]);
        stage_.app().finish_reading();
        draw_frames(2);
    } else if (what == "begin") {
        if (words.size() < 2) throw InputError("begin takes an action");
        stage_.app().perform({words.begin() + 1, words.end()});
        draw_frames(2);
    } else {
        stage_.app().perform(words);
        stage_.app().finish_reading();
        // The first frame after a change lays out by what the one before has measured.
        draw_frames(2);
    }
}

void Script::run(const std::filesystem::path& file) {
    std::ifstream stream(file);
    if (!stream) throw InputError(printable(file.string()) + ": cannot be read");
    std::string line;
    for (int number = 1; std::getline(stream, line); ++number) {
        try {
            const Action words = parse_action(line);
            if (!words.empty()) run_line(words);
        } catch (const InputError& error) {
            throw InputError(printable(file.string()) + ":" + std::to_string(number) + ": " + error.what());
        }
    }
}

}  // namespace tutti::viewer
