import ZCProto

// The same messages as the twins', field by field, and as theirs one behind the other.

@inline(never)
func decodeTrades(_ bytes: RawSpan) throws(SBEError) -> Int {
    var (sum, at) = (0, 0)
    while at < bytes.byteCount {
        let trade = try Trade.decode(bytes, advancing: &at)
        sum &+= total(of: trade)
    }
    return sum
}

/// The same as a gateway has them: checked as a whole, and found by their number.
@inline(never)
func decodeFrame(_ bytes: RawSpan) throws -> Int {
    var sum = 0
    try TradeMessageProcessor().process(bytes) { trades in
        for index in trades.indices { sum &+= total(of: trades[index]) }
    }
    return sum
}

@inline(__always)
private func total(of trade: borrowing TradeView) -> Int {
    Int(truncatingIfNeeded: trade.tradeId) &+ Int(trade.symbol.byte)
        &+ Int(truncatingIfNeeded: trade.price.bitPattern) &+ Int(trade.quantity) &+ trade.actingVersion
}

/// Messages with the numbers 0, 1, ..., one behind the other; the length of all.
@inline(__always)
private func encodeAll(
    _ bytes: inout MutableRawSpan, _ messages: Int,
    _ encode: (inout MutableRawSpan, Int, UInt64) throws -> Int
) rethrows -> Int {
    var at = 0
    for number in 0..<messages { at &+= try encode(&bytes, at, UInt64(number)) }
    return at
}

@inline(never)
func encodeTrades(_ bytes: inout MutableRawSpan, _ messages: Int) throws -> Int {
    try encodeAll(&bytes, messages) { try encodeTrade(&$0, $1, $2) }
}

@inline(__always)
private func encodeTrade(_ bytes: inout MutableRawSpan, _ at: Int, _ number: UInt64) throws -> Int {
    try Trade.encode(into: &bytes, from: at) { trade in
        trade.tradeId = number
        trade.symbol = "B"
        trade.price = 100.5
        trade.quantity = UInt32(truncatingIfNeeded: number)
        return trade.finish()
    }
}

@inline(never)
func decodeCars(_ bytes: RawSpan) throws(SBEError) -> Int {
    var (sum, at) = (0, 0)
    while at < bytes.byteCount {
        let car = try Car.decode(bytes, advancing: &at)
        sum &+= total(of: car)
    }
    return sum
}

@inline(__always)
private func total(of car: borrowing SBEView<Car>) -> Int {
    var sum = car.actingVersion &+ Int(car.serialNumber) &+ Int(car.modelYear)
    sum &+= number(car.available) &+ number(car.code)
    let numbers = car.someNumbers
    for index in numbers.indices { sum &+= Int(numbers[index]) }
    sum &+= ends(car.vehicleCode) &+ Int(car.extras.rawValue)
    let engine = car.engine
    sum &+= Int(engine.capacity) &+ Int(engine.numCylinders) &+ Int(engine.maxRpm)
    sum &+= ends(engine.manufacturerCode)
    var figures = car.fuelFigures
    while let figure = figures.next() { sum &+= Int(figure.speed) &+ Int(figure.mpg.bitPattern) }
    var performances = car.performanceFigures
    while let performance = performances.next() {
        sum &+= Int(performance.octaneRating)
        var accelerations = performance.acceleration
        while let acceleration = accelerations.next() {
            sum &+= Int(acceleration.mph) &+ Int(acceleration.seconds.bitPattern)
        }
    }
    return sum &+ ends(car.manufacturer) &+ ends(car.model)
}

private func number(_ value: BooleanType) -> Int {
    switch value {
    case .f: 1
    case .t: 2
    case .null: 3
    case .unknown: 0
    }
}

private func number(_ value: Model) -> Int {
    switch value {
    case .a: 1
    case .b: 2
    case .c: 3
    case .null: 4
    case .unknown: 0
    }
}

/// The first byte and the last.
private func ends(_ text: borrowing SBEText) -> Int {
    let bytes = text.bytes
    let count = bytes.byteCount
    guard count > 0 else { return 0 }
    return unsafe Int(bytes.unsafeLoad(fromByteOffset: 0, as: UInt8.self))
        + Int(bytes.unsafeLoad(fromByteOffset: count - 1, as: UInt8.self))
}

@inline(never)
func encodeCars(_ bytes: inout MutableRawSpan, _ messages: Int) throws -> Int {
    try encodeAll(&bytes, messages) { try encodeCar(&$0, $1, $2) }
}

@inline(__always)
private func encodeCar(_ bytes: inout MutableRawSpan, _ at: Int, _ number: UInt64) throws -> Int {
    try Car.encode(into: &bytes, from: at) { car in
        car.serialNumber = UInt32(truncatingIfNeeded: number)
        car.modelYear = 2013
        car.available = .t
        car.code = .a
        car.someNumbers = [1, 2, 3, 4, 5]
        try car.vehicleCode.set("abcdef")
        car.extras = [.sportsPack, .cruiseControl]
        car.engine.capacity = 2000
        car.engine.numCylinders = 4
        try car.engine.manufacturerCode.set("123")
        return
            try car
            .group(.fuelFigures) { figures in
                try figures.append { ($0.speed, $0.mpg) = (30, 35.9) }
                try figures.append { ($0.speed, $0.mpg) = (55, 49) }
                try figures.append { ($0.speed, $0.mpg) = (75, 40) }
            }
            .group(.performanceFigures) { figures in
                try figures.append { figure in
                    figure.octaneRating = 95
                    return try figure.group(.acceleration) { accelerations in
                        try accelerations.append { ($0.mph, $0.seconds) = (30, 4) }
                        try accelerations.append { ($0.mph, $0.seconds) = (60, 7.5) }
                        try accelerations.append { ($0.mph, $0.seconds) = (100, 12.2) }
                    }.finish()
                }
                try figures.append { figure in
                    figure.octaneRating = 99
                    return try figure.group(.acceleration) { accelerations in
                        try accelerations.append { ($0.mph, $0.seconds) = (30, 3.8) }
                        try accelerations.append { ($0.mph, $0.seconds) = (60, 7.1) }
                        try accelerations.append { ($0.mph, $0.seconds) = (100, 11.8) }
                    }.finish()
                }
            }
            .data(.manufacturer, "Honda")
            .data(.model, "Civic VTi")
            .finish()
    }
}
