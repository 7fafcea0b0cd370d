// Golden files: text that the project makes, kept in tests/golden, so that a change of it is seen as a change and
// reviewed. Run a test with --update to write what it has now: `build/…/riscv64_listing_test --update`, then read `git
// diff`.
#pragma once

#include <string>
#include <string_view>

namespace lyrebird::test {

/// Compares `text` with the file tests/golden/`name`, or writes it there when the test was called with --update. Empty
/// when they are equal; otherwise the paragraphs that differ, those of the file marked with −, the new ones with +.
std::string compare_with_golden(std::string_view name, const std::string& text);

}  // namespace lyrebird::test
