#include <catch2/catch.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <memory>
#include <thread>

#include "host/audio_writer.hpp"
#include "host/cache_entry.hpp"
#include "host/file_pool.hpp"
#include "host/pending_file.hpp"
#include "host/stem_reader.hpp"
#include "tests/audio_files.hpp"

using namespace tutti;
using namespace tutti::tests;
using Catch::Matchers::Contains;

namespace {

/// The process's pool with another bound, until the end of the test.
class SmallPool {
  public:
    explicit SmallPool(int bound) { FilePool::of_process().set_bound(bound); }
    ~SmallPool() { FilePool::of_process().set_bound(before_); }
    SmallPool(const SmallPool&) = delete;
    SmallPool& operator=(const SmallPool&) = delete;

    int reopened() const { return FilePool::of_process().reopened_count() - reopened_before_; }

  private:
    int before_ = FilePool::of_process().bound();
    int reopened_before_ = FilePool::of_process().reopened_count();
};

int open_null() { return open("/dev/null", O_RDONLY | O_CLOEXEC); }

/// A file of a pool that writes down when it is opened and closed.
struct NotedFile {
    int opened = 0;
    int closed = 0;
    bool can_close = true;
    PooledFile file;

    explicit NotedFile(FilePool& pool, PooledFile::Kind kind = PooledFile::Kind::read)
        : file(pool, kind,
               {[this] { return ++opened, open_null(); },
                [this](int descriptor) {
                    if (!can_close) return false;
                    ++closed;
                    return ::close(descriptor) == 0;
                }}) {}

    bool use() {
        const PooledFile::Use use(file);
        return use.descriptor() >= 0;
    }
};

/// Stems of every kind, of different lengths and rates: their names.
std::vector<std::filesystem::path> write_stems(const TempFolder& folder) {
    struct Case {
        const char* name;
        int format;
        int rate_hz;
    };
    const Case cases[] = {{"a.wav", SF_FORMAT_WAV | SF_FORMAT_PCM_24, 48000},
                          {"b.wav", SF_FORMAT_WAV | SF_FORMAT_FLOAT, 44100},
                          {"c.wav", SF_FORMAT_WAV | SF_FORMAT_IMA_ADPCM, 48000},
                          {"d.aiff", SF_FORMAT_AIFF | SF_FORMAT_PCM_16, 48000},
                          {"e.flac", SF_FORMAT_FLAC | SF_FORMAT_PCM_24, 48000},
                          {"f.flac", SF_FORMAT_FLAC | SF_FORMAT_PCM_16, 44100},
                          {"g.ogg", SF_FORMAT_OGG | SF_FORMAT_VORBIS, 48000},
                          {"h.ogg", SF_FORMAT_OGG | SF_FORMAT_VORBIS, 44100},
                          {"i.opus", SF_FORMAT_OGG | SF_FORMAT_OPUS, 48000},
                          {"j.mp3", SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III, 48000}};
    std::vector<std::filesystem::path> files;
    std::uint32_t seed = 1;
    for (const Case& each : cases) {
        const std::size_t frames = 60000 + 1000 * seed;
        files.push_back(folder / each.name);
        write_audio(files.back(), {noise(frames, 0.5, seed), noise(frames, 0.5, seed + 100)}, each.rate_hz,
                    each.format);
        ++seed;
    }
    return files;
}

/// All stems side by side, `step` frames of one after `step` frames of the other: [stem][call][sample].
std::vector<std::vector<float>> read_in_turn(const std::vector<std::filesystem::path>& files, int step) {
    std::vector<std::unique_ptr<StemReader>> readers;
    for (const auto& file : files) readers.push_back(std::make_unique<StemReader>(file, StemOptions{}));
    std::vector<std::vector<float>> all(files.size());
    std::vector<float> planes(static_cast<std::size_t>(2 * step));
    for (int start = 0; start < 80000; start += step) {
        for (std::size_t i = 0; i < files.size(); ++i) {
            readers[i]->read(planes, step);
            all[i].insert(all[i].end(), planes.begin(), planes.end());
        }
    }
    return all;
}

}  // namespace

TEST_CASE("A pool closes the file that was longest not used, and files that are written last") {
    FilePool pool(3);
    NotedFile written(pool, PooledFile::Kind::written);
    NotedFile a(pool);
    NotedFile b(pool);
    NotedFile c(pool);
    for (NotedFile* file : {&written, &a, &b}) REQUIRE(file->use());
    CHECK(pool.open_count() == 3);
    REQUIRE(a.use());
    REQUIRE(c.use());
    CHECK(pool.open_count() == 3);
    CHECK((b.closed == 1 && a.closed == 0 && written.closed == 0));
    REQUIRE(b.use());
    CHECK((b.opened == 2 && a.closed == 1 && written.closed == 0));
    CHECK(pool.reopened_count() == 1);
    pool.set_bound(1);
    CHECK((b.closed == 2 && c.closed == 1 && written.closed == 0 && pool.open_count() == 1));
    REQUIRE(a.use());
    CHECK((written.closed == 1 && a.opened == 2));
}

TEST_CASE("A file that cannot be closed for others stays open, and others open beside it") {
    FilePool pool(1);
    NotedFile fixed(pool, PooledFile::Kind::written);
    fixed.can_close = false;
    NotedFile other(pool);
    REQUIRE(fixed.use());
    REQUIRE(other.use());
    REQUIRE(fixed.use());
    CHECK(fixed.opened == 1);
    CHECK(pool.open_count() == 2);
}

TEST_CASE("A file that cannot be opened says why, and takes no room in the pool") {
    FilePool pool(2);
    PooledFile missing(
        pool, PooledFile::Kind::read,
        {[] { return open("/nowhere/at all", O_RDONLY | O_CLOEXEC); }, [](int) { return true; }});
    for (int i = 0; i < 3; ++i) {
        const PooledFile::Use use(missing);
        CHECK(use.descriptor() == -1);
        CHECK(use.error() == ENOENT);
    }
    CHECK(pool.open_count() == 0);
}

TEST_CASE("A pool makes do with fewer files where the system has no more, and says so when it has none") {
    FilePool pool(10);
    std::atomic<int> open{0};
    const auto make = [&](int most) {
        return std::make_unique<PooledFile>(
            pool, PooledFile::Kind::read,
            PooledFile::Actions{[&open, most] {
                                    if (open < most) return ++open, open_null();
                                    errno = EMFILE;
                                    return -1;
                                },
                                [&open](int descriptor) { return --open, ::close(descriptor) == 0; }});
    };
    std::vector<std::unique_ptr<PooledFile>> files;
    for (int i = 0; i < 5; ++i) files.push_back(make(3));
    for (int round = 0; round < 2; ++round) {
        for (const auto& file : files) CHECK(PooledFile::Use(*file).descriptor() >= 0);
    }
    CHECK(pool.bound() == 3);
    files.clear();
    const auto hopeless = make(0);
    CHECK(PooledFile::Use(*hopeless).error() == EMFILE);
    CHECK_THAT(open_error_text(EMFILE), Contains("too many open files") && Contains("ulimit -n"));
}

TEST_CASE("Threads that use more files than may be open wait for each other") {
    FilePool pool(3);
    std::atomic<int> open{0};
    std::atomic<int> most{0};
    std::vector<std::unique_ptr<PooledFile>> files;
    for (int i = 0; i < 40; ++i) {
        files.push_back(std::make_unique<PooledFile>(
            pool, PooledFile::Kind::read,
            PooledFile::Actions{[&] {
                                    const int now = ++open;
                                    for (int seen = most;
                                         seen < now && !most.compare_exchange_weak(seen, now);) {
                                    }
                                    return open_null();
                                },
                                [&](int descriptor) { return --open, ::close(descriptor) == 0; }}));
    }
    std::atomic<int> failed{0};
    {
        std::vector<std::jthread> threads;
        for (int t = 0; t < 8; ++t) {
            threads.emplace_back([&, t] {
                for (int i = 0; i < 400; ++i) {
                    // Each file is one thread's, which alone has more than may be open.
                    const PooledFile::Use use(*files[5 * t + i % 5]);
                    if (fcntl(use.descriptor(), F_GETFD) < 0) ++failed;
                }
            });
        }
    }
    CHECK(failed == 0);
    CHECK(most <= 3);
    CHECK(pool.reopened_count() > 0);
}

TEST_CASE("Stems of every format are the same samples when their files are closed for each other") {
    const TempFolder folder;
    const std::vector<std::filesystem::path> files = write_stems(folder);
    const int step = GENERATE(777, 16384, 20000);
    const auto wanted = read_in_turn(files, step);
    for (const int bound : {1, 4}) {
        const SmallPool pool(bound);
        const auto found = read_in_turn(files, step);
        for (std::size_t i = 0; i < files.size(); ++i) {
            CAPTURE(files[i].filename().string(), bound, step);
            CHECK((found[i] == wanted[i]));
        }
        CHECK(pool.reopened() > 20);
    }
}

TEST_CASE("A stem that is replaced by another file while it is closed for others is an error that names it") {
    const TempFolder folder;
    write_audio(folder / "a.wav", {noise(60000, 0.5, 1)}, 48000, SF_FORMAT_WAV | SF_FORMAT_PCM_16);
    write_audio(folder / "b.wav", {noise(60000, 0.5, 2)}, 48000, SF_FORMAT_WAV | SF_FORMAT_PCM_16);
    const SmallPool pool(1);
    StemReader a(folder / "a.wav", {});
    std::vector<float> plane(1000);
    a.read(plane, 1000);
    const StemReader b(folder / "b.wav", {});
    std::filesystem::copy_file(folder / "a.wav", folder / "new.wav");
    std::filesystem::rename(folder / "new.wav", folder / "a.wav");
    CHECK_THAT(message_of<InputError>([&] { a.read(plane, 1000); }),
               Contains((folder / "a.wav").string() + ": was replaced while it was being read"));
    std::filesystem::remove(folder / "a.wav");
    CHECK_THAT(message_of<InputError>([&] { a.read(plane, 1000); }),
               Contains((folder / "a.wav").string() + ": no such file"));
}

TEST_CASE("Files are written to the same bytes when they are closed for each other, and leave nothing else") {
    const TempFolder folder;
    const FileFormat container = GENERATE(FileFormat::wav, FileFormat::flac);
    const Channels samples{noise(100000, 0.5, 1), noise(100000, 0.5, 2)};
    std::vector<float> planes;
    for (const auto& channel : samples) planes.insert(planes.end(), channel.begin(), channel.end());
    constexpr int step = 25000;
    const auto write_all = [&](const std::string& prefix, bool finish) {
        std::vector<std::unique_ptr<AudioWriter>> writers;
        for (int i = 0; i < 6; ++i) {
            writers.push_back(std::make_unique<AudioWriter>(folder / (prefix + std::to_string(i)),
                                                            AudioFormat{.file = container}, 100000));
        }
        for (int start = 0; start < 100000; start += step) {
            for (const auto& writer : writers) {
                writer->write(std::span(planes).subspan(static_cast<std::size_t>(start)), step, 100000);
            }
        }
        if (!finish) return;
        for (const auto& writer : writers) writer->commit();
    };
    write_all("whole", true);
    const SmallPool pool(2);
    write_all("pooled", true);
    CHECK(pool.reopened() > 10);
    CHECK(folder.names().size() == 12);
    for (int i = 0; i < 6; ++i) {
        CHECK(read_bytes(folder / ("pooled" + std::to_string(i))) == read_bytes(folder / "whole0"));
    }
    write_all("abandoned", false);
    CHECK(folder.names().size() == 12);
}

TEST_CASE("Files that are finished while others wait for room leave no other name") {
    const TempFolder folder;
    constexpr int thread_count = 4;
    constexpr int file_count = 200;
    {
        const SmallPool pool(1);
        std::vector<std::jthread> threads;
        for (int t = 0; t < thread_count; ++t) {
            threads.emplace_back([&, t] {
                for (int i = 0; i < file_count; ++i) {
                    PendingFile file(folder / (std::to_string(t) + " " + std::to_string(i)));
                    file.write("sound", 5);
                    file.commit_unsynced();
                }
            });
        }
    }
    CHECK(folder.names().size() == thread_count * file_count);
}

TEST_CASE(
    "An entry of a cache is read on when it was closed for others, and counts as damaged once it is gone") {
    const TempFolder folder;
    const CacheEntryShape shape{.row_count = 1, .chunk_frames = 1000, .chunk_count = 2};
    const std::vector<float> samples(1000, 0.25F);
    for (const char* name : {"a", "b"}) {
        CacheEntryWriter writer(folder / name, Digest{}, shape);
        for (int chunk = 0; chunk < 2; ++chunk) REQUIRE(writer.write(samples));
        writer.commit("about it");
    }
    const SmallPool pool(1);
    const auto a = CacheEntryReader::open(folder / "a");
    const auto b = CacheEntryReader::open(folder / "b");
    REQUIRE((a && b));
    std::vector<float> rows(1000);
    CHECK(a->read(0, rows));
    CHECK(b->read(0, rows));
    CHECK(a->read(1, rows));
    CHECK(rows == samples);
    CHECK(b->read(1, rows));
    std::filesystem::remove(folder / "a");
    CHECK_FALSE(a->read(0, rows));
}
