#include "viewer/report_loader.hpp"

#include <exception>
#include <new>
#include <utility>

#include "engine/errors.hpp"

namespace tutti::viewer {

ReportLoader::~ReportLoader() {
    if (thread_.joinable()) thread_.join();
}

void ReportLoader::read(const std::filesystem::path& folder) {
    TUTTI_CHECK(!is_reading());
    outcome_ = {};
    is_ready_ = false;
    thread_ = std::thread([this, folder] {
        try {
            outcome_.report = Report::open(folder);
        } catch (const std::bad_alloc&) {
            outcome_.problem = "There is not enough memory for this report.";
        } catch (const std::exception& error) {
            outcome_.problem = error.what();
        }
        is_ready_ = true;
        is_ready_.notify_all();
    });
}

void ReportLoader::wait() { is_ready_.wait(false); }

ReportLoader::Outcome ReportLoader::take() {
    TUTTI_CHECK(is_ready_);
    thread_.join();
    is_ready_ = false;
    return std::exchange(outcome_, {});
}

}  // namespace tutti::viewer
