import Foundation

/// Where a figure lies on an axis.
struct Scale {
    private let from: Double
    private let to: Double
    private let isLogarithmic: Bool
    private let start: Double
    private let end: Double

    /// Figures `from` to `to` between the places `start` and `end`.
    init(from: Double, to: Double, isLogarithmic: Bool, over start: Double, _ end: Double) {
        self.isLogarithmic = isLogarithmic && from > 0
        self.from = from
        self.to = to > from ? to : from + 1
        self.start = start
        self.end = end
    }

    /// Logarithmic, from the power of ten below all figures to the one above.
    init(decadesAround least: Double, _ most: Double, over start: Double, _ end: Double) {
        let least = least > 0 ? least : 1
        let low = pow(10, log10(least).rounded(.down))
        let high = pow(10, log10(max(most, least)).rounded(.up))
        self.init(from: low, to: max(high, low * 10), isLogarithmic: true, over: start, end)
    }

    func place(_ value: Double) -> Double {
        let fraction =
            isLogarithmic ? log(max(value, from) / from) / log(to / from) : (value - from) / (to - from)
        return start + fraction * (end - start)
    }

    /// Round figures between the ends: powers of ten, or about five steps of 1, 2 or 5.
    var ticks: [Double] {
        if isLogarithmic {
            let powers = Int(log10(from).rounded(.up))...max(Int(log10(from).rounded(.up)), Int(log10(to)))
            return powers.map { pow(10, Double($0)) }.filter { $0 >= from && $0 <= to }
        }
        let rough = (to - from) / 5
        let power = pow(10, log10(rough).rounded(.down))
        let step = [1, 2, 5, 10].map { $0 * power }.first { $0 >= rough } ?? rough
        return stride(from: (from / step).rounded(.up) * step, through: to, by: step).map(\.self)
    }
}
