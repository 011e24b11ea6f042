#include "benchmarks/convolution_job.hpp"

#include <algorithm>
#include <charconv>
#include <map>

#include "engine/errors.hpp"

namespace tutti::bench {

namespace {

std::int64_t to_number(const std::string& name, std::string_view text) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size() || number < 0) {
        throw InputError("--" + name + " takes a number, found \"" + std::string(text) + "\"");
    }
    return number;
}

std::vector<int> to_numbers(const std::string& name, std::string_view text) {
    std::vector<int> numbers;
    while (!text.empty()) {
        const std::size_t comma = std::min(text.find(','), text.size());
        numbers.push_back(static_cast<int>(to_number(name, text.substr(0, comma))));
        text.remove_prefix(std::min(text.size(), comma + 1));
    }
    return numbers;
}

std::size_t size_of(std::int64_t a, std::int64_t b) {
    return static_cast<std::size_t>(a) * static_cast<std::size_t>(b);
}

}  // namespace

std::vector<std::string> to_arguments(const ConvolutionJob& job) {
    std::string kept;
    for (const int row : job.kept_rows) kept += (kept.empty() ? "" : ",") + std::to_string(row);
    return {
        "--rows",         std::to_string(job.row_count),    "--frames",       std::to_string(job.frame_count),
        "--kernels",      std::to_string(job.kernel_count), "--taps",         std::to_string(job.tap_count),
        "--threads",      std::to_string(job.thread_count), "--keep",         kept,
        "--rows-file",    job.rows_file.string(),           "--kernels-file", job.kernels_file.string(),
        "--results-file", job.results_file.string(),        "--wisdom-file",  job.wisdom_file.string()};
}

ConvolutionJob parse_job(std::span<const std::string> arguments) {
    std::map<std::string, std::string> values;
    for (std::size_t i = 0; i + 1 < arguments.size(); i += 2) values[arguments[i]] = arguments[i + 1];
    const auto value = [&](const std::string& name) {
        const auto found = values.find("--" + name);
        if (found == values.end()) throw InputError("a convolution job needs --" + name);
        return found->second;
    };
    const auto number = [&](const std::string& name) { return to_number(name, value(name)); };
    ConvolutionJob job;
    job.row_count = static_cast<int>(number("rows"));
    job.frame_count = number("frames");
    job.kernel_count = static_cast<int>(number("kernels"));
    job.tap_count = number("taps");
    job.thread_count = static_cast<int>(number("threads"));
    job.kept_rows = to_numbers("keep", value("keep"));
    job.rows_file = value("rows-file");
    job.kernels_file = value("kernels-file");
    job.results_file = value("results-file");
    job.wisdom_file = value("wisdom-file");
    if (job.row_count < 1 || job.frame_count < 1 || job.kernel_count < 1 || job.tap_count < 1 ||
        job.thread_count < 1) {
        throw InputError("a convolution job needs at least one row, frame, kernel, tap and thread");
    }
    return job;
}

JobSamples::JobSamples(const ConvolutionJob& job)
    : job_(job),
      rows_(SharedFloats::open(job.rows_file, size_of(job.row_count, job.frame_count))),
      kernels_(SharedFloats::open(job.kernels_file, size_of(job.kernel_count, job.tap_count))),
      results_(SharedFloats::open(
          job.results_file, size_of(static_cast<std::int64_t>(job.kept_rows.size()), job.result_frames()))) {}

std::span<const float> JobSamples::row(int row) const {
    return rows_.samples().subspan(size_of(row, job_.frame_count),
                                   static_cast<std::size_t>(job_.frame_count));
}

std::span<const float> JobSamples::kernel(int kernel) const {
    return kernels_.samples().subspan(size_of(kernel, job_.tap_count),
                                      static_cast<std::size_t>(job_.tap_count));
}

std::span<float> JobSamples::kept(int row) {
    const auto found = std::find(job_.kept_rows.begin(), job_.kept_rows.end(), row);
    if (found == job_.kept_rows.end()) return {};
    const auto index = static_cast<std::int64_t>(found - job_.kept_rows.begin());
    return results_.samples().subspan(size_of(index, job_.result_frames()),
                                      static_cast<std::size_t>(job_.result_frames()));
}

std::uint64_t JobSamples::bytes() const {
    return (rows_.samples().size() + kernels_.samples().size() + results_.samples().size()) * sizeof(float);
}

}  // namespace tutti::bench
