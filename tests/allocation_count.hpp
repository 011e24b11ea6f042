#pragma once

namespace tutti::tests {

/// Counts every operator new of the process, on any thread, while it lives. One at a time.
class AllocationCount {
  public:
    AllocationCount();
    ~AllocationCount();
    AllocationCount(const AllocationCount&) = delete;
    AllocationCount& operator=(const AllocationCount&) = delete;

    long count() const;
};

}  // namespace tutti::tests
