/// The custom resources as their users write them, for Jackson. The only place where something may
/// be null: a field that was left out. What each field means is said once, in the CRDs of
/// `charts/serin/crds`; a test holds names and types of both against each other.
@NullMarked
package dev.serin.resource;

import org.jspecify.annotations.NullMarked;
