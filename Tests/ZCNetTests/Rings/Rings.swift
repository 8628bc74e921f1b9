import Testing

/// The suites of this folder, so that they can be run as one.
@Suite enum Rings {}

/// Whether the tests were built with optimisation: then they explore longer histories and run for more
/// rounds.
var isOptimised: Bool {
    #if DEBUG
    false
    #else
    true
    #endif
}
