/// The workload that a user owns and the short-lived copy of it. What is there comes in as objects;
/// what is seen of it, and what has to be written, goes out as values. A new kind of target is a
/// new [dev.serin.controller.workload.Workload] beside the Deployment's.
@NullMarked
package dev.serin.controller.workload;

import org.jspecify.annotations.NullMarked;
