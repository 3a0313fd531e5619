/// What moves requests: the routes as a proxy reads them, a real proxy before real pods, and a
/// model of both for virtual time.
@NullMarked
package dev.serin.sandbox.dataplane;

import org.jspecify.annotations.NullMarked;
