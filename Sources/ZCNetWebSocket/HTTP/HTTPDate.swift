import ZCNet

/// What the `Date` of responses says: RFC 9110 5.6.7, in the form that is to be generated, such as
/// `Sun, 06 Nov 1994 08:49:37 GMT`. One per loop.
///
/// **Cost.** The wall clock is read and the text made once per second; in between the same text is given
/// out. A wall clock that is set is seen within a second.
struct HTTPDate {
    private var text = ""
    private var validUntil = MonotonicInstant.zero

    /// The date at `now`, by the loop's clock; `wallTime` is asked only when another second has begun.
    mutating func text(
        at now: MonotonicInstant, _ wallTime: () -> (seconds: Int64, nanoseconds: Int64)
    ) -> String {
        if now < validUntil { return text }
        let time = wallTime()
        text = Self.text(secondsSince1970: time.seconds)
        validUntil = now + .nanoseconds(1_000_000_000 - time.nanoseconds)
        return text
    }

    /// Seconds of the wall clock as a date, from 1970 to 9999.
    static func text(secondsSince1970 seconds: Int64) -> String {
        let seconds = Int(min(max(seconds, 0), 253_402_300_799))
        let (days, second) = (seconds / 86_400, seconds % 86_400)
        let (year, month, day) = civil(days)
        // The first of January 1970 was a Thursday.
        let dayName = weekdays[(days + 4) % 7]
        let clock = "\(padded(second / 3600)):\(padded(second / 60 % 60)):\(padded(second % 60))"
        let century = padded(year / 100) + padded(year % 100)
        return "\(dayName), \(padded(day)) \(months[month - 1]) \(century) \(clock) GMT"
    }

    private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    private static func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

    /// The Gregorian date of a day since 1970-01-01. Years are counted from March, so that the leap day is a
    /// year's last.
    private static func civil(_ days: Int) -> (year: Int, month: Int, day: Int) {
        // From 0000-03-01 on; 146,097 days are 400 years.
        let shifted = days + 719_468
        let (era, dayOfEra) = (shifted / 146_097, shifted % 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        // Months of 31, 30, 31, 30, 31 days, five at a time.
        let fromMarch = (5 * dayOfYear + 2) / 153
        let month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * fromMarch + 2) / 5 + 1)
    }
}
