/// The routes of a handler, to be found by template id.
///
/// SAFETY: `@safe` because the references live as long as the table, which owns the routes.
@safe
@usableFromInline
struct SBETable<Handler: SBEMessageHandler & ~Copyable>: ~Copyable {
    @usableFromInline let places: UnsafeMutablePointer<Unmanaged<SBERoute<Handler>>>
    @usableFromInline let count: Int

    /// Asks the handler's type for its routes.
    @inlinable
    init() {
        var routes = SBERoutes<Handler>()
        Handler.declare(&routes)
        count = routes.routes.count
        unsafe places = .allocate(capacity: max(count, 1))
        for (index, route) in routes.routes.enumerated() {
            unsafe (places + index).initialize(to: .passRetained(route))
        }
    }

    deinit {
        for index in 0..<count { unsafe places[index].release() }
        unsafe places.deallocate()
    }

    /// The place of a template's route, or nil. A handful is looked through, many are halved.
    @inlinable
    func place(of template: Int) -> Int? {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low &+ high) / 2
            let found = unsafe places[middle]._withUnsafeGuaranteedRef { $0.templateID }
            if found == template { return middle }
            if found < template { low = middle &+ 1 } else { high = middle }
        }
        return nil
    }

    /// All templates that are served.
    @usableFromInline
    var templates: [Int] {
        (0..<count).map { index in unsafe places[index]._withUnsafeGuaranteedRef { $0.templateID } }
    }
}
