/// The port that turns a wanted split of traffic into the objects of one mesh or gateway, and back.
@NullMarked
package dev.serin.mesh;

import org.jspecify.annotations.NullMarked;
