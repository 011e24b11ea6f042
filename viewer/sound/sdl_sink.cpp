#include <SDL2/SDL.h>
#include <dlfcn.h>

#include <utility>

#include "viewer/sound/sink.hpp"

namespace tutti::viewer {

namespace {

constexpr const char* library_name = "libSDL2-2.0.so.0";
constexpr int block_frames = 1024;

/// The few functions of SDL2 that are needed. Stays loaded: its drivers leave threads behind.
struct Sdl {
    void* library = dlopen(library_name, RTLD_NOW | RTLD_LOCAL);
    decltype(&SDL_InitSubSystem) init = find<decltype(&SDL_InitSubSystem)>("SDL_InitSubSystem");
    decltype(&SDL_OpenAudioDevice) open = find<decltype(&SDL_OpenAudioDevice)>("SDL_OpenAudioDevice");
    decltype(&SDL_PauseAudioDevice) pause = find<decltype(&SDL_PauseAudioDevice)>("SDL_PauseAudioDevice");
    decltype(&SDL_CloseAudioDevice) close = find<decltype(&SDL_CloseAudioDevice)>("SDL_CloseAudioDevice");
    decltype(&SDL_GetError) error = find<decltype(&SDL_GetError)>("SDL_GetError");
    decltype(&SDL_SetHint) set_hint = find<decltype(&SDL_SetHint)>("SDL_SetHint");

    bool is_whole() const {
        return init != nullptr && open != nullptr && pause != nullptr && close != nullptr &&
               error != nullptr && set_hint != nullptr;
    }

  private:
    template <typename Function>
    Function find(const char* name) const {
        return library == nullptr ? nullptr : reinterpret_cast<Function>(dlsym(library, name));
    }
};

class SdlSink final : public SoundSink {
  public:
    ~SdlSink() override { SdlSink::stop(); }

    std::string start(int sample_rate_hz, Fill fill) override {
        if (device_ != 0 && rate_hz_ == sample_rate_hz) return {};
        stop();
        static const Sdl sdl;
        if (!sdl.is_whole()) {
            return std::string("no sound: ") + library_name +
                   " is not on this machine (Debian: apt install libsdl2-2.0-0)";
        }
        sdl_ = &sdl;
        // Ours are the signals and the events of the window.
        sdl.set_hint(SDL_HINT_NO_SIGNAL_HANDLERS, "1");
        sdl.set_hint(SDL_HINT_APP_NAME, "Tutti");
        if (sdl.init(SDL_INIT_AUDIO) != 0) return std::string("no sound: ") + sdl.error();
        fill_ = std::move(fill);
        SDL_AudioSpec wanted{};
        wanted.freq = sample_rate_hz;
        wanted.format = AUDIO_F32SYS;
        wanted.channels = 2;
        wanted.samples = block_frames;
        wanted.userdata = this;
        wanted.callback = [](void* self, Uint8* bytes, int count) {
            static_cast<SdlSink*>(self)->fill_(
                {reinterpret_cast<float*>(bytes), static_cast<std::size_t>(count) / sizeof(float)});
        };
        device_ = sdl.open(nullptr, 0, &wanted, nullptr, 0);
        if (device_ == 0) return std::string("no sound: ") + sdl.error();
        rate_hz_ = sample_rate_hz;
        sdl.pause(device_, 0);
        return {};
    }

    void stop() override {
        if (device_ == 0) return;
        sdl_->close(device_);
        device_ = 0;
    }

  private:
    const Sdl* sdl_ = nullptr;
    Fill fill_;
    SDL_AudioDeviceID device_ = 0;
    int rate_hz_ = 0;
};

}  // namespace

std::unique_ptr<SoundSink> make_sdl_sink() { return std::make_unique<SdlSink>(); }

}  // namespace tutti::viewer
