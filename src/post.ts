import { post } from './action/post.ts';

await post(process.env);
// A socket that the artifact client keeps alive must not keep the step alive.
setTimeout(() => process.exit(), 100).unref();
