/// Systems and people that are asked and told from outside of the cluster: webhooks and alerts.
@NullMarked
package dev.serin.controller.outreach;

import org.jspecify.annotations.NullMarked;
