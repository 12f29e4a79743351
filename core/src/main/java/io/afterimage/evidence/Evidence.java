package io.afterimage.evidence;

/** The raw result of an attack, as saved in a run's folder. Never a verdict. */
public sealed interface Evidence
    permits MembershipScores, AttributeGuesses, Reconstructions, StructuralLeaks {}
