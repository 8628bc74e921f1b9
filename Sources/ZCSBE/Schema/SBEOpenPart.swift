/// A part that is there: a group or data, not the end. It must be written before a message or entry is
/// finished.
public protocol SBEOpenPart: SBEPart {}
