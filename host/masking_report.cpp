#include "host/masking_report.hpp"

#include <algorithm>
#include <fstream>
#include <functional>
#include <iterator>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/errors.hpp"
#include "engine/threads.hpp"
#include "host/audio_writer.hpp"
#include "host/file_names.hpp"
#include "host/masking_arrays.hpp"
#include "host/masking_page.hpp"
#include "host/masking_report_json.hpp"
#include "host/pending_folder.hpp"
#include "host/pictures/masking_pictures.hpp"
#include "host/text.hpp"

namespace tutti {

namespace {

constexpr const char* report_name = "report.json";
constexpr std::uintmax_t largest_report_bytes = std::uintmax_t{256} << 20;

/// One file of the report: what it is called and how it is written.
struct Piece {
    std::string name;
    std::function<void(const std::filesystem::path& file)> write;
};

void add_arrays(const MaskingResults& results, std::vector<Piece>& pieces) {
    for_each_masking_array(results, [&](const MaskingArray& array, const auto& elements) {
        using Element = typename std::decay_t<decltype(elements)>::value_type;
        pieces.push_back({array.file, [shape = array.shape(), &elements](const std::filesystem::path& file) {
                              write_npy(file, shape, std::span<const Element>(elements));
                          }});
    });
}

/// Pictures first take longest.
void add_pictures(const MaskingScene& scene, std::vector<Piece>& pieces) {
    if (scene.tracks.empty()) return;
    using Path = std::filesystem::path;
    pieces.push_back({"overview.png", [&scene](const Path& file) { draw_overview(scene, file); }});
    pieces.push_back({"track_matrix.png", [&scene](const Path& file) { draw_track_matrix(scene, file); }});
    pieces.push_back({"group_matrix.png", [&scene](const Path& file) { draw_group_matrix(scene, file); }});
    std::vector<std::string> names;
    for (const int track : scene.shown)
        names.push_back(scene.results.tracks.objects[static_cast<std::size_t>(track)].name);
    names = file_names_for(names);
    for (std::size_t i = 0; i < names.size(); ++i) {
        const int track = scene.shown[i];
        pieces.push_back({"target_" + names[i] + ".png",
                          [&scene, track](const Path& file) { draw_target(scene, track, file); }});
        pieces.push_back({"masker_" + names[i] + ".png",
                          [&scene, track](const Path& file) { draw_masker(scene, track, file); }});
    }
}

std::string read_report_text(const std::filesystem::path& file) {
    std::error_code error;
    const std::uintmax_t size = std::filesystem::file_size(file, error);
    if (error) throw InputError(printable(file.string()) + ": cannot be read: " + error.message());
    if (size > largest_report_bytes)
        throw InputError(printable(file.string()) + ": is too large for a report");
    std::ifstream stream(file, std::ios::binary);
    std::string text((std::istreambuf_iterator<char>(stream)), std::istreambuf_iterator<char>());
    if (!stream) throw InputError(printable(file.string()) + ": cannot be read");
    return text;
}

/// The first thing in the folder that no report has put there; empty when there is none.
std::string foreign_entry(const std::filesystem::path& folder) {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder))
        names.push_back(entry.path().filename().string());
    if (names.empty()) return {};
    std::sort(names.begin(), names.end());
    std::vector<std::string> own;
    const std::filesystem::path report = folder / report_name;
    if (std::filesystem::is_regular_file(report)) own = masking_report_files(read_report_text(report));
    const auto foreign = std::find_if(names.begin(), names.end(), [&](const std::string& name) {
        return std::find(own.begin(), own.end(), name) == own.end();
    });
    return foreign == names.end() ? std::string() : *foreign;
}

/// A message about a file of the folder that is not under its name yet, with the name it was to have.
std::string with_name(std::string message, const std::filesystem::path& partial,
                      const std::filesystem::path& folder) {
    const std::string unfinished = printable(partial.string());
    const std::size_t at = message.find(unfinished);
    return at == std::string::npos ? message
                                   : message.replace(at, unfinished.size(), printable(folder.string()));
}

}  // namespace

void check_masking_report_folder(const std::filesystem::path& folder) {
    const std::string name = printable(folder.string());
    std::error_code error;
    const std::filesystem::file_status status = std::filesystem::status(folder, error);
    if (status.type() == std::filesystem::file_type::not_found) {
        const std::filesystem::path parent = std::filesystem::absolute(folder / "..").lexically_normal();
        if (!std::filesystem::is_directory(parent, error))
            throw InputError(name + ": cannot be written: there is no folder " + printable(parent.string()));
        const PendingFolder trial(folder);
        return;
    }
    if (error) throw InputError(name + ": cannot be written: " + error.message());
    if (status.type() != std::filesystem::file_type::directory)
        throw InputError(name + ": is a file; expected the name of a folder for the report");
    try {
        const std::string foreign = foreign_entry(folder);
        if (foreign.empty()) return;
        throw InputError(
            name + ": holds " + in_quotes(foreign) +
            ", which is no part of a masking report; it is not replaced: name a new or an empty folder");
    } catch (const std::filesystem::filesystem_error& failure) {
        throw InputError(name + ": cannot be read: " + failure.code().message());
    }
}

void write_masking_report(const MaskingResults& results, const MaskingAdvice& advice,
                          const std::filesystem::path& folder, const MaskingReportOptions& options) {
    check_masking_report_folder(folder);
    std::vector<Piece> pieces;
    std::optional<MaskingScene> scene;
    if (options.pictures) {
        scene.emplace(results, options.all_tracks, options.scale);
        add_pictures(*scene, pieces);
    }
    if (options.page) {
        pieces.push_back({"index.html", [&](const std::filesystem::path& file) {
                              write_text_file(file, masking_page(results, advice));
                          }});
    }
    add_arrays(results, pieces);
    std::vector<std::string> files{report_name};
    for (const Piece& piece : pieces) files.push_back(piece.name);
    pieces.push_back({report_name, [&](const std::filesystem::path& file) {
                          write_text_file(file, masking_report_json(results, advice, files));
                      }});
    PendingFolder pending(folder);
    try {
        parallel_for(static_cast<int>(pieces.size()), [&](int i) {
            if (PendingFolder::is_interrupted()) return;
            const Piece& piece = pieces[static_cast<std::size_t>(i)];
            piece.write(pending.path() / piece.name);
        });
    } catch (const InputError& failure) {
        throw InputError(with_name(failure.what(), pending.path(), folder));
    }
    if (!PendingFolder::is_interrupted()) pending.commit();
}

std::filesystem::path session_of_masking_report(const std::filesystem::path& folder) {
    try {
        return masking_report_session(read_report_text(folder / report_name));
    } catch (const InputError&) {
        return {};
    }
}

MaskingResults read_masking_report(const std::filesystem::path& folder) {
    const std::filesystem::path report = folder / report_name;
    MaskingResults results = parse_masking_report(read_report_text(report), report);
    for_each_masking_array(results, [&](const MaskingArray& array, auto& elements) {
        using Element = typename std::decay_t<decltype(elements)>::value_type;
        elements = read_npy<Element>(folder / array.file, array.shape());
    });
    return results;
}

}  // namespace tutti
