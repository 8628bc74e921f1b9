// The benchmark's two messages through the C++ that the reference tool generates of the same schemas.
// Built by Scripts/bench/sbe-reference, for the generated headers are not part of this package.
#include "SBETwin.h"

#include <cstdint>
#include <cstring>
#include <exception>
#include <stdexcept>
#include <string_view>
#include <type_traits>

#include "trade/MessageHeader.h"
#include "trade/Trade.h"
#include "uk_co_real_logic_sbe_benchmarks/Car.h"
#include "uk_co_real_logic_sbe_benchmarks/MessageHeader.h"

namespace {

namespace cars = uk::co::real_logic::sbe::benchmarks;
using cars::Car;
using trade::Trade;

// A message's header, wrapped and checked as the generated code's users do; the message behind it.
template <typename Header, typename Message> Message wrap(char *bytes, std::size_t at, std::size_t count) {
    Header header(bytes, at, count, Message::sbeSchemaVersion());
    if (header.templateId() != Message::sbeTemplateId() || header.schemaId() != Message::sbeSchemaId()) {
        throw std::runtime_error("another message");
    }
    Message message;
    message.wrapForDecode(bytes, at + Header::encodedLength(), header.blockLength(), header.version(), count);
    return message;
}

template <typename Value> std::int64_t bits(Value value) {
    std::conditional_t<sizeof(Value) == 8, std::int64_t, std::uint32_t> raw;
    std::memcpy(&raw, &value, sizeof raw);
    return raw;
}

std::int64_t ends(const char *text, std::size_t count) {
    return count == 0 ? 0 : std::uint8_t(text[0]) + std::uint8_t(text[count - 1]);
}

std::int64_t number(cars::BooleanType::Value value) {
    switch (value) {
    case cars::BooleanType::F: return 1;
    case cars::BooleanType::T: return 2;
    default: return 3;
    }
}

std::int64_t number(cars::Model::Value value) {
    switch (value) {
    case cars::Model::A: return 1;
    case cars::Model::B: return 2;
    case cars::Model::C: return 3;
    default: return 4;
    }
}

// A trade's or car's sum; answers where the message ends.
std::size_t read(Trade &trade, std::int64_t &sum) {
    sum += std::int64_t(trade.trade_id()) + std::uint8_t(trade.symbol()) + bits(trade.price());
    sum += trade.quantity() + std::int64_t(trade.actingVersion());
    return trade.sbePosition();
}

std::size_t read(Car &car, std::int64_t &sum) {
    sum += std::int64_t(car.actingVersion()) + car.serialNumber() + car.modelYear();
    sum += number(car.available()) + number(car.code());
    for (std::size_t i = 0; i < Car::someNumbersLength(); i++) sum += car.someNumbers(i);
    sum += ends(car.vehicleCode(), Car::vehicleCodeLength()) + car.extras().rawValue();
    auto &engine = car.engine();
    sum += engine.capacity() + engine.numCylinders() + engine.maxRpm() + ends(engine.manufacturerCode(), 3);
    auto &figures = car.fuelFigures();
    while (figures.hasNext()) {
        figures.next();
        sum += figures.speed() + bits(figures.mpg());
    }
    auto &performances = car.performanceFigures();
    while (performances.hasNext()) {
        performances.next();
        sum += performances.octaneRating();
        auto &accelerations = performances.acceleration();
        while (accelerations.hasNext()) {
            accelerations.next();
            sum += accelerations.mph() + bits(accelerations.seconds());
        }
    }
    auto manufacturer = car.getManufacturerAsStringView();
    sum += ends(manufacturer.data(), manufacturer.size());
    auto model = car.getModelAsStringView();
    sum += ends(model.data(), model.size());
    return car.sbePosition();
}

template <typename Header, typename Message> std::int64_t decode(const std::uint8_t *bytes, std::size_t count) {
    auto buffer = reinterpret_cast<char *>(const_cast<std::uint8_t *>(bytes));
    std::int64_t sum = 0;
    try {
        for (std::size_t at = 0; at < count;) {
            auto message = wrap<Header, Message>(buffer, at, count);
            at = read(message, sum);
        }
    } catch (const std::exception &) {
        return -1;
    }
    return sum;
}

void write(Trade &trade, std::uint64_t number) {
    trade.trade_id(number).symbol('B').price(100.5).quantity(std::uint32_t(number));
}

void write(Car &car, std::uint64_t number) {
    car.serialNumber(std::uint32_t(number)).modelYear(2013);
    car.available(cars::BooleanType::T).code(cars::Model::A);
    for (std::int32_t i = 0; i < 5; i++) car.someNumbers(std::uint64_t(i), i + 1);
    car.putVehicleCode(std::string_view("abcdef"));
    car.extras().clear().sportsPack(true).cruiseControl(true);
    car.engine().capacity(2000).numCylinders(4).putManufacturerCode(std::string_view("123"));
    auto &figures = car.fuelFiguresCount(3);
    figures.next().speed(30).mpg(35.9f);
    figures.next().speed(55).mpg(49);
    figures.next().speed(75).mpg(40);
    auto &performances = car.performanceFiguresCount(2);
    performances.next().octaneRating(95);
    auto &first = performances.accelerationCount(3);
    first.next().mph(30).seconds(4);
    first.next().mph(60).seconds(7.5f);
    first.next().mph(100).seconds(12.2f);
    performances.next().octaneRating(99);
    auto &second = performances.accelerationCount(3);
    second.next().mph(30).seconds(3.8f);
    second.next().mph(60).seconds(7.1f);
    second.next().mph(100).seconds(11.8f);
    car.putManufacturer("Honda", 5).putModel("Civic VTi", 9);
}

template <typename Message>
std::size_t encode(std::uint8_t *bytes, std::size_t count, std::uint64_t messages) {
    auto buffer = reinterpret_cast<char *>(bytes);
    std::size_t at = 0;
    try {
        for (std::uint64_t number = 0; number < messages; number++) {
            Message message;
            message.wrapAndApplyHeader(buffer, at, count);
            write(message, number);
            at = message.sbePosition();
        }
    } catch (const std::exception &) {
        return 0;
    }
    return at;
}

} // namespace

// The one symbol that the benchmark looks for.
extern "C" __attribute__((visibility("default"))) const sbe_twin sbe_reference;
const sbe_twin sbe_reference = {
    decode<trade::MessageHeader, Trade>, decode<cars::MessageHeader, Car>, encode<Trade>, encode<Car>};
