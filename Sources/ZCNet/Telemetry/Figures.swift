/// The cells of a family's figures: written by one thread, read from any. Freed by its owner.
@frozen
@usableFromInline
package struct FigureCells<Family: RawRepresentable & Sendable>: Sendable where Family.RawValue == Int {
    @usableFromInline let cells: MetricCells

    /// Everything at 0.
    package init() where Family: FigureFamily { cells = MetricCells(count: Family.allCases.count) }

    /// Frees the cells; by their owner, once, after the last use.
    package func free() { cells.free() }

    /// A figure as it is now. Any thread.
    @inlinable
    package subscript(figure: Family) -> Int { cells.read(figure.rawValue) }

    /// Counts events, or moves a gauge. The writer only.
    @inlinable
    @inline(__always)
    package func add(_ amount: Int, to figure: Family) { cells.add(amount, to: figure.rawValue) }

    /// Sets a gauge. The writer only.
    @inlinable
    @inline(__always)
    package func set(_ figure: Family, to value: Int) { cells.set(value, at: figure.rawValue) }
}

/// The figures of one part that has nothing else to keep: written by the thread that works for it, read from
/// any. An event costs one plain addition.
@usableFromInline
package final class Figures<Family: RawRepresentable & Sendable>: Sendable where Family.RawValue == Int {
    @usableFromInline let cells: FigureCells<Family>

    /// Everything at 0.
    package init() where Family: FigureFamily { cells = FigureCells() }

    deinit { cells.free() }

    /// A figure as it is now. Any thread.
    @inlinable
    package subscript(figure: Family) -> Int { cells[figure] }

    /// Counts events, or moves a gauge. The writer only.
    @inlinable
    package func add(_ amount: Int, to figure: Family) { cells.add(amount, to: figure) }

    /// Sets a gauge. The writer only.
    @inlinable
    package func set(_ figure: Family, to value: Int) { cells.set(figure, to: value) }
}

extension FigureCells where Family: FigureFamily {
    /// All figures as a value. Any thread.
    package var values: FigureValues<Family> { FigureValues { self[$0] } }
}

extension Figures where Family: FigureFamily {
    /// All figures as a value. Any thread.
    package var values: FigureValues<Family> { cells.values }
}
