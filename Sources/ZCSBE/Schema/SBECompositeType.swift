/// A composite: fields at fixed offsets under one name. Generated.
public protocol SBECompositeType: SBEBlock where FirstPart == SBEEnd {}
