#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

#include "host/audio_writer.hpp"
#include "host/loudness.hpp"
#include "host/plan.hpp"
#include "host/render.hpp"

namespace tutti {

/// The mix and, where asked for, the stems on their way to files, and the mix's loudness.
class RenderFiles {
  public:
    /// Opens them all; the folder for stems is made when it is not there. Throws InputError as AudioWriter
    /// does.
    RenderFiles(const RenderOptions& options, const MixPlan& plan, int sample_rate_hz,
                std::int64_t frame_count);

    /// Without commit() nothing stays, not even a folder that was made.
    ~RenderFiles();
    RenderFiles(const RenderFiles&) = delete;
    RenderFiles& operator=(const RenderFiles&) = delete;

    /// Frames first ... first + count - 1 of a chunk: [output_row][chunk]. Files are written side by side.
    void write(std::span<const float> rows, int first, int count);

    /// All files appear, the mix last, so that who waits for it finds everything; loudness, overs and names
    /// go into the report.
    void commit(RenderReport& report);

  private:
    void open_stems(const RenderOptions& options, const MixPlan& plan, const AudioFormat& format,
                    std::int64_t frame_count);

    struct File {
        std::filesystem::path path;
        AudioWriter writer;
        int first_output;
    };
    int stride_;
    int channels_;
    LoudnessMeter meter_;
    std::vector<File> files_;  ///< the mix, then the stems
    std::filesystem::path made_folder_;
};

}  // namespace tutti
