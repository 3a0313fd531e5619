/// The meshes and gateways that Serin can route with: pure translations between a wanted split and
/// the objects of one mesh. [Meshes] is their list; nothing else of this package is for others.
@NullMarked
package dev.serin.controller.mesh;

import org.jspecify.annotations.NullMarked;
