#include "host/render_files.hpp"

#include <string>

#include "engine/threads.hpp"
#include "engine/trace.hpp"
#include "host/file_names.hpp"

namespace tutti {

RenderFiles::RenderFiles(const RenderOptions& options, const MixPlan& plan, int sample_rate_hz,
                         std::int64_t frame_count)
    : stride_(plan.render.shape.frame_count),
      channels_(plan.output_channels),
      meter_(plan.output_channels, sample_rate_hz) {
    const AudioFormat format{options.file, options.sample, plan.output_channels, sample_rate_hz};
    files_.push_back({options.output, AudioWriter(options.output, format, frame_count), 0});
    if (options.stems) open_stems(options, plan, format, frame_count);
}

void RenderFiles::open_stems(const RenderOptions& options, const MixPlan& plan, const AudioFormat& format,
                             std::int64_t frame_count) {
    // Where the folder cannot be made, the first file in it says why.
    std::error_code ignored;
    if (std::filesystem::create_directory(*options.stems, ignored)) made_folder_ = *options.stems;
    std::vector<std::string> names;
    for (const MixPlan::Stem& stem : plan.stems) names.push_back(stem.strip);
    const std::vector<std::string> files = file_names_for(names);
    for (std::size_t i = 0; i < files.size(); ++i) {
        const std::filesystem::path file = *options.stems / (files[i] + extension_of(options.file));
        files_.push_back({file, AudioWriter(file, format, frame_count), plan.stems[i].first_output});
    }
}

RenderFiles::~RenderFiles() {
    files_.clear();
    // Removes a folder only when it is empty.
    std::error_code ignored;
    if (!made_folder_.empty()) std::filesystem::remove(made_folder_, ignored);
}

void RenderFiles::write(std::span<const float> rows, int first, int count) {
    const auto planes_of = [&](const File& file) {
        return rows.subspan(static_cast<std::size_t>(file.first_output) * stride_ + first,
                            static_cast<std::size_t>(channels_ - 1) * stride_ + count);
    };
    parallel_for(static_cast<int>(files_.size()) + 1, [&](int i) {
        if (i == 0) {
            meter_.add(planes_of(files_[0]), count, stride_);
        } else {
            files_[i - 1].writer.write(planes_of(files_[i - 1]), count, stride_);
        }
    });
}

void RenderFiles::commit(RenderReport& report) {
    const TraceScope scope("finish files");
    // Side by side, and all of them before the first is seen under its name.
    parallel_for(static_cast<int>(files_.size()), [&](int i) { files_[i].writer.finish(); });
    for (std::size_t i = files_.size(); i-- > 0;) {
        report.over_count += files_[i].writer.over_count();
        files_[i].writer.commit();
    }
    report.loudness = meter_.result();
    report.mix = files_[0].path;
    for (std::size_t i = 1; i < files_.size(); ++i) report.stems.push_back(files_[i].path);
}

}  // namespace tutti
