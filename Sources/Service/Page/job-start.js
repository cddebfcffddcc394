// Starting jobs and telling where they went.
import { post } from "./api.js";
import { toast, toastProblem } from "./live.js";

/** Puts a job into the queue; gives it, or null after saying what is wrong. */
export async function startJob(verb, args, more = {}) {
  try {
    const job = await post("/jobs", { verb, arguments: args, ...more });
    toast(`Job ${job.id} (${verb}) is in the queue.`, { action: { label: "Watch", run: () => { location.hash = `#/job/${job.id}`; } } });
    return job;
  } catch (error) {
    toastProblem(error);
    return null;
  }
}
