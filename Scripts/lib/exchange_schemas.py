"""Three large SBE schemas, made up: shaped like those that exchanges publish, in number and kind of messages, fields, groups,
enumerations, sets and composites. The same on every machine. Call: exchange_schemas.py FOLDER, or imported: write(folder).
"""
import pathlib
import sys

WORDS = ("account active asset auction average balance base best block buyer cancel clearing client close commission "
         "contract count cross currency cycle daily date delivery delta depth discount entry event exchange execution expiry "
         "factor fee fill filter firm fixing flag floor group halt hedge high index initial instrument interest interval last "
         "leg level limit liquidity list lot low maker margin market match maturity member minimum month multiplier net note "
         "number offer open option order origin owner pair party path peg period phase position price priority product "
         "protection quantity quote rate reason reference reject report request reset response risk route rule schedule "
         "security seller sequence session settlement side size snapshot source spread start state status step stop strike "
         "symbol target tax tick time total trade trading transfer trend trigger type underlying unit update user value "
         "venue volume warning weight window yield").split()


class Dice:
    """Numbers of a seed, by a rule of our own: Python's may change with its version."""

    def __init__(self, seed):
        self.state = seed

    def roll(self, sides):
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) % 2**64
        return (self.state >> 33) % sides

    def pick(self, values):
        return values[self.roll(len(values))]

    def between(self, low, high):
        return low + self.roll(high - low + 1)


class Names:
    """Names that are used once each."""

    def __init__(self, dice):
        self.dice, self.taken = dice, set()

    def new(self, is_type=False):
        words = [self.dice.pick(WORDS) for _ in range(self.dice.between(2, 3))]
        name = "".join(word.capitalize() for word in words)
        name = name if is_type else name[0].lower() + name[1:]
        while name.lower() in self.taken:
            name += "X"
        self.taken.add(name.lower())
        return name


HEADER = """    <composite name="messageHeader">
        <type name="blockLength" primitiveType="uint16"/><type name="templateId" primitiveType="uint16"/>
        <type name="schemaId" primitiveType="uint16"/><type name="version" primitiveType="uint16"/>
    </composite>
"""


class Schema:
    """A schema in the making: its lines, and the types that its fields pick from, each as often as it is listed."""

    def __init__(self, seed, shape, schema_id, version):
        self.dice = Dice(seed)
        self.names = Names(self.dice)
        self.version, self.types = version, []
        self.lines = ['<?xml version="1.0" encoding="UTF-8"?>',
                      "<!-- Made up by Scripts/lib/exchange_schemas.py: shaped like %s. -->" % shape,
                      '<sbe:messageSchema xmlns:sbe="http://fixprotocol.io/2016/sbe" package="made.up" id="%d" version="%d">'
                      % (schema_id, version), "<types>", HEADER.rstrip()]

    def add(self, text, *uses):
        self.lines += text.rstrip().split("\n")
        self.types += uses

    def enums(self, count, kind, values, weight):
        for _ in range(count):
            name = self.names.new(True)
            names = Names(self.dice)
            self.lines.append('    <enum name="%s" encodingType="%s">' % (name, kind))
            for index in range(self.dice.between(*values)):
                value = chr(65 + index) if kind == "char" else index
                self.lines.append('        <validValue name="%s">%s</validValue>' % (names.new(True), value))
            self.lines.append("    </enum>")
            self.types += [name] * weight

    def sets(self, count, kind, choices):
        for _ in range(count):
            name = self.names.new(True)
            names = Names(self.dice)
            self.lines.append('    <set name="%s" encodingType="%s">' % (name, kind))
            for index in range(choices):
                self.lines.append('        <choice name="%s">%d</choice>' % (names.new(True), index))
            self.lines.append("    </set>")
            self.types.append(name)

    def since(self, step, steps):
        """The later fields of a block are of later versions."""
        return ' sinceVersion="%d"' % self.version if self.version and step >= steps - 2 else ""

    def block(self, indent, fields, groups=(), data=(0, 0), block_length=False):
        names, ids = Names(self.dice), 1
        count = self.dice.between(*fields)
        for index in range(count):
            self.lines.append('%s<field name="%s" id="%d" type="%s"%s/>' % (
                indent, names.new(), ids, self.dice.pick(self.types), self.since(index, count) if count > 6 else ""))
            ids += 1
        for group in groups:
            for _ in range(self.dice.between(*group["count"])):
                self.lines.append('%s<group name="%s" id="%d" dimensionType="%s">' % (
                    indent, names.new(True), ids, group["dimension"]))
                self.block(indent + "    ", group["fields"], group.get("groups", ()), group.get("data", (0, 0)))
                self.lines.append(indent + "</group>")
                ids += 1
        for _ in range(self.dice.between(*data)):
            self.lines.append('%s<data name="%s" id="%d" type="varString"/>' % (indent, names.new(), ids))
            ids += 1

    def messages(self, count, fields, groups=(), data=(0, 0)):
        if "</types>" not in self.lines:
            self.lines.append("</types>")
        for _ in range(count):
            self.next_id = getattr(self, "next_id", 0) + 1
            self.lines.append('<sbe:message name="%s" id="%d">' % (self.names.new(True), self.next_id))
            self.block("    ", fields, groups, data)
            self.lines.append("</sbe:message>")

    def text(self):
        return "\n".join(self.lines + ["</sbe:messageSchema>", ""])


DIMENSION = """    <composite name="%s">
        <type name="blockLength" primitiveType="uint16"/><type name="numInGroup" primitiveType="%s"%s/>
    </composite>
"""


def web():
    """Answers of a spot market's web interface: small blocks, nested groups, many strings."""
    schema = Schema(11, "the web interface of a spot market", 3, 5)
    schema.add(DIMENSION % ("groups32", "uint32", ' maxValue="2147483647"') + DIMENSION % ("groups16", "uint16", ""))
    schema.add("""    <composite name="varString">
        <type name="length" primitiveType="uint8"/>
        <type name="varData" primitiveType="uint8" length="0" characterEncoding="UTF-8"/>
    </composite>
    <type name="mantissa" primitiveType="int64"/>
    <type name="exponent" primitiveType="int8"/>
    <type name="optionalMantissa" primitiveType="int64" presence="optional" nullValue="-9223372036854775808"/>
    <type name="timestamp" primitiveType="int64"/>
    <type name="optionalTimestamp" primitiveType="int64" presence="optional"/>
    <type name="optionalNumber" primitiveType="uint32" presence="optional"/>
    <type name="key" primitiveType="uint8" length="16"/>""",
               *["mantissa"] * 14, *["exponent"] * 8, *["optionalMantissa"] * 5, *["timestamp"] * 6,
               *["optionalTimestamp"] * 4, "optionalNumber", "uint16", "uint32", "int64", "int64", "key")
    schema.enums(28, "uint8", (2, 14), 1)
    inner = {"count": (0, 1), "dimension": "groups16", "fields": (2, 9), "data": (1, 2)}
    outer = {"count": (0, 1), "dimension": "groups32", "fields": (4, 18), "data": (0, 3), "groups": (inner,)}
    schema.messages(46, (1, 12), (), (0, 2))
    schema.messages(46, (2, 18), (outer, inner), (0, 3))
    return schema.text()


def feed():
    """A futures market's data: decimals with constant exponents, sets, groups of fixed entries, many versions."""
    schema = Schema(23, "the market data of a futures exchange", 1, 13)
    schema.add(DIMENSION % ("groups8", "uint8", ""))
    uses = []
    for index, exponent in enumerate((-9, -7, -4, -2)):
        schema.add("""    <composite name="Price%d">
        <type name="mantissa" primitiveType="int64"%s/>
        <type name="exponent" primitiveType="int8" presence="constant">%d</type>
    </composite>""" % (index, ' presence="optional" nullValue="9223372036854775807"' if index % 2 else "", exponent),
                   *["Price%d" % index] * 4)
    schema.add("""    <composite name="MonthAndYear">
        <type name="year" primitiveType="uint16" presence="optional" nullValue="65535"/>
        <type name="month" primitiveType="uint8" presence="optional"/>
        <type name="day" primitiveType="uint8" presence="optional"/>
        <type name="week" primitiveType="uint8" presence="optional"/>
    </composite>""", *["MonthAndYear"] * 2)
    for length in (2, 3, 6, 10, 20):
        schema.add('    <type name="Text%d" primitiveType="char" length="%d"/>' % (length, length), *["Text%d" % length] * 2)
    for primitive in ("int8", "int32", "uint8", "uint16", "uint32", "uint64"):
        schema.add('    <type name="Maybe_%s" primitiveType="%s" presence="optional"/>' % (primitive, primitive),
                   *["Maybe_" + primitive] * 4)
    schema.add('    <type name="Version" primitiveType="char" length="4" presence="constant">1.13</type>',
               *["uint64"] * 6, *["uint32"] * 4, "Version")
    schema.enums(14, "uint8", (2, 12), 2)
    schema.enums(10, "char", (2, 9), 2)
    schema.sets(3, "uint32", 24)
    schema.sets(2, "uint8", 6)
    entries = {"count": (1, 2), "dimension": "groups8", "fields": (5, 14)}
    few = {"count": (0, 1), "dimension": "groups8", "fields": (2, 5)}
    schema.messages(18, (2, 9), (entries, few))
    schema.messages(8, (38, 60), ({"count": (5, 8), "dimension": "groups8", "fields": (1, 5)},))
    return schema.text()


def orders():
    """Order entry of a derivatives market: long flat messages, many texts and enumerations, few groups."""
    schema = Schema(37, "the order entry of a derivatives exchange", 8, 6)
    schema.add(DIMENSION % ("groups8", "uint8", ""))
    schema.add("""    <composite name="varString">
        <type name="length" primitiveType="uint16"/>
        <type name="varData" primitiveType="uint8" length="0" characterEncoding="UTF-8"/>
    </composite>
    <composite name="Price">
        <type name="mantissa" primitiveType="int64" presence="optional"/>
        <type name="exponent" primitiveType="int8" presence="constant">-8</type>
    </composite>
    <composite name="Person">
        <type name="code" primitiveType="uint32"/><type name="desk" primitiveType="uint16"/>
    </composite>""", *["Price"] * 8, *["Person"] * 2)
    for length in (3, 5, 8, 16, 20, 40):
        schema.add('    <type name="Text%d" primitiveType="char" length="%d"/>' % (length, length), *["Text%d" % length] * 3)
    for primitive in ("uint8", "uint16", "uint32", "uint64"):
        schema.add('    <type name="Maybe_%s" primitiveType="%s" presence="optional"/>' % (primitive, primitive),
                   *["Maybe_" + primitive] * 6)
    schema.add('    <type name="Bounded" primitiveType="uint32" minValue="1" maxValue="999999999"/>',
               *["Bounded"] * 4, *["uint64"] * 10, *["uint32"] * 6)
    schema.enums(30, "uint8", (2, 10), 1)
    schema.enums(20, "char", (2, 8), 1)
    schema.sets(4, "uint8", 7)
    legs = {"count": (0, 1), "dimension": "groups8", "fields": (3, 9)}
    schema.messages(44, (14, 46), (legs,), (0, 1))
    schema.messages(20, (2, 9))
    return schema.text()


ALL = {"web": web, "feed": feed, "orders": orders}


def write(folder):
    """Writes all of them; answers their files by name."""
    files = {name: pathlib.Path(folder) / ("%s.sbe.xml" % name) for name in ALL}
    for name, file in files.items():
        file.write_text(ALL[name]())
    return files


if __name__ == "__main__":
    for name, file in write(sys.argv[1]).items():
        print(file)
