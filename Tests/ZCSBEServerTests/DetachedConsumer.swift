import Foundation

/// A thread of a test's own, for what blocks.
enum DetachedConsumer {
    static func run(_ body: @escaping @Sendable () -> Void, began: () -> Void) {
        Thread.detachNewThread(body)
        began()
    }
}
