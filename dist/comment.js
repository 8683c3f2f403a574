import {
  comment,
  commentToken
} from "./shared-action-comment.js";
import "./shared-action-github.js";
import "./shared-action-event.js";
import "./shared-action-cancel.js";
import "./shared-action-environment.js";
import "./shared-cli-problem.js";
import "./shared-model-errors.js";
import "./shared-runtime.js";
export {
  comment,
  commentToken
};
