/// Objects that are dear to make, kept for their next use: compression contexts, parsers with tables,
/// sessions.
///
/// ```swift
/// var deflaters = ObjectPool(keptMax: 8) { Deflater(level: 6) } reset: { $0.reset() }
/// let deflater = deflaters.take()
/// …
/// deflaters.give(deflater)
/// ```
/// For plain memory use a ``BufferPool``. Objects may be class instances, structs, or noncopyable values.
///
/// **Ownership.** The pool owns idle objects; one that was taken is the caller's, who may also keep it for
/// good.
///
/// **Threads.** One thread at a time.
///
/// **Complexity.** O(1) and no allocation for an idle object, otherwise what making or destroying one costs.
@safe @frozen
public struct ObjectPool<Object: ~Copyable>: ~Copyable {
    // SAFETY: `@safe` because `idle` points at `idleCount` initialised objects with room for `keptMax`, all
    // the pool's.

    /// How many idle objects are kept; more are destroyed as they come back.
    public let keptMax: Int
    /// How many objects wait for their next use.
    @inlinable public var idleCount: Int { keptCount }
    /// How many objects were made since the pool was.
    @inlinable public var madeCount: Int { made }
    /// Objects taken and not given back; what takers kept for good stays counted.
    @inlinable public var outstandingCount: Int { outstanding }

    @usableFromInline let idle: UnsafeMutablePointer<Object>
    @usableFromInline var keptCount = 0
    @usableFromInline var made = 0
    @usableFromInline var outstanding = 0
    @usableFromInline let make: () -> Object
    @usableFromInline let reset: (inout Object) -> Void

    /// Makes an empty pool.
    ///
    /// - Parameters:
    ///   - keptMax: how many idle objects to keep.
    ///   - make: makes an object when none is idle.
    ///   - reset: makes a returned object as good as new; called when it is given back, so that an idle
    ///     object holds on to nothing. Not called for one that is destroyed instead of kept.
    /// - Precondition: `keptMax >= 0`.
    public init(
        keptMax: Int, make: @escaping () -> Object, reset: @escaping (inout Object) -> Void = { _ in }
    ) {
        precondition(keptMax >= 0, "keptMax must not be negative")
        self.keptMax = keptMax
        self.make = make
        self.reset = reset
        unsafe idle = .allocate(capacity: keptMax)
    }

    deinit {
        unsafe idle.deinitialize(count: keptCount)
        unsafe idle.deallocate()
    }

    /// The object given back last, or a new one.
    @inlinable
    public mutating func take() -> Object {
        outstanding &+= 1
        guard keptCount > 0 else {
            made &+= 1
            return make()
        }
        keptCount &-= 1
        // SAFETY: there was an object in this place, and the count does not include it any more.
        return unsafe (idle + keptCount).move()
    }

    /// Resets the object and keeps it, or destroys it when enough are kept.
    ///
    /// - Precondition: more objects were taken than given back.
    @inlinable
    public mutating func give(_ object: consuming Object) {
        precondition(outstanding > 0, "more objects were given back than taken")
        outstanding &-= 1
        guard keptCount < keptMax else { return }
        reset(&object)
        // SAFETY: the place is within the capacity and holds no object.
        unsafe (idle + keptCount).initialize(to: object)
        keptCount &+= 1
    }
}
