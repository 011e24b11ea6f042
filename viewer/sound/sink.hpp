#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>

namespace tutti::viewer {

/// Where sound goes. It asks for frames, left and right in turn, on a thread of its own.
class SoundSink {
  public:
    using Fill = std::function<void(std::span<float> stereo)>;

    virtual ~SoundSink() = default;

    /// Asks from now on, at that rate; nothing when it does so already. Returns what is in the way, in one
    /// line; empty when nothing is.
    virtual std::string start(int sample_rate_hz, Fill fill) = 0;

    /// After this it asks no more.
    virtual void stop() = 0;

    /// Time that has passed for one that has no clock of its own.
    virtual void pass(double /*seconds*/) {}
    virtual bool has_clock() const { return true; }
};

/// The loudspeakers, through SDL2, which is looked for when something is played for the first time: its
/// library needs forty others (X11, Wayland, PulseAudio, systemd), which speak to servers of the machine it
/// runs on and cannot travel with us; a machine with a desktop has it, and all else works without.
std::unique_ptr<SoundSink> make_sdl_sink();

/// Nobody hears it; time passes by frames that are drawn, so that a script comes out the same every time.
class FrameSink final : public SoundSink {
  public:
    std::string start(int sample_rate_hz, Fill fill) override;
    void stop() override { fill_ = nullptr; }
    void pass(double seconds) override;
    bool has_clock() const override { return false; }

  private:
    Fill fill_;
    int sample_rate_hz_ = 0;
};

}  // namespace tutti::viewer
