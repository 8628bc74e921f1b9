import ZCNet

/// The figures of one part: written by the thread that works for it, read from any.
typealias DeliveryFigures = Figures<DeliveryMetric>

extension Figures where Family == DeliveryMetric {
    /// All figures as a value. Any thread.
    func snapshot() -> DeliverySnapshot { DeliverySnapshot(values: values) }
}
