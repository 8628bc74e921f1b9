/// A group or data behind a block's fields. Generated parts form a list in the types, which is how an encoder
/// knows what may come next.
///
/// What begins with an underscore serves generated code and the library.
public protocol SBEPart {
    /// What comes before it in the schema; ``SBEStart`` of the first.
    associatedtype Previous: SBEPart
    /// What comes after it; ``SBEEnd`` of the last.
    associatedtype Next: SBEPart
    /// How it is checked and followed.
    ///
    /// Why a type of its own, which is the library's: what a public type of a user's module conforms with is
    /// compiled there for each type, whether anybody asks or not. For a hundred groups that was most of what
    /// compiling a schema took. The rules are generic, and compiled only where a message is decoded.
    associatedtype _Rules: SBEPartRules
}
