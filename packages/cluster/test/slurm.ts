/** A Slurm of one node, started from Debian's packages with a configuration, keys and ports of its own. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname, userInfo } from "node:os";
import { join } from "node:path";
import { freePort } from "../../../test/port";

const PATH = `${process.env.PATH}:/usr/sbin:/sbin`;
const absent = ["munged", "slurmctld", "slurmd", "sbatch"].filter(
  (program) => spawnSync("which", [program], { env: { PATH } }).status !== 0,
);

/** The reason for node:test's `skip` where a part of Slurm is not installed. */
export const skip =
  absent.length > 0
    ? `${absent.join(", ")} not installed (apt-get install slurmctld slurmd slurm-client munge)`
    : false;

/** Waits until `ready` gives something. @throws with `what` after so many seconds */
export async function until<T>(what: string, ready: () => T | undefined | false, seconds = 60): Promise<T> {
  for (
    const end = Date.now() + seconds * 1000;
    Date.now() < end;
    await new Promise((wake) => setTimeout(wake, 100))
  ) {
    const value = ready();
    if (value !== undefined && value !== false) return value;
  }
  throw new Error(`waited ${seconds} s for ${what}`);
}

export interface Cluster {
  /** A command of Slurm; gives what it writes. @throws what it says if it fails */
  readonly ask: (program: string, ...args: readonly string[]) => string;
  readonly stop: () => Promise<void>;
}

/** Starts it and points this process to it by SLURM_CONF. */
export async function startSlurm(cpus: number): Promise<Cluster> {
  // Not in the folder of temporary files: slurm.conf takes no spaces, a socket no path of more than 107
  // bytes.
  const folder = mkdtempSync("/tmp/komalab-slurm-");
  const at = (name: string) => join(folder, name),
    [control, daemon] = [await freePort(), await freePort()];
  for (const name of ["state", "spool"]) mkdirSync(at(name), { recursive: true });
  writeFileSync(at("munge.key"), randomBytes(128), { mode: 0o600 });
  chmodSync(folder, 0o755); // munge wants its socket where everybody may come
  const [host] = hostname().split("."),
    { username } = userInfo();
  writeFileSync(
    at("slurm.conf"),
    `
ClusterName=test
SlurmctldHost=${host}(127.0.0.1)
SlurmUser=${username}
SlurmdUser=${username}
SlurmctldPort=${control}
SlurmdPort=${daemon}
AuthType=auth/munge
AuthInfo=socket=${at("munge.socket")}
CredType=cred/munge
StateSaveLocation=${at("state")}
SlurmdSpoolDir=${at("spool")}
SlurmctldPidFile=${at("slurmctld.pid")}
SlurmdPidFile=${at("slurmd.pid")}
SlurmctldLogFile=${at("slurmctld.log")}
SlurmdLogFile=${at("slurmd.log")}
ProctrackType=proctrack/pgid
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
AccountingStorageType=accounting_storage/none
JobAcctGatherType=jobacct_gather/none
SchedulerParameters=sched_min_interval=0,sched_interval=2,bf_interval=2,batch_sched_delay=0
ReturnToService=2
MailProg=/bin/true
NodeName=${host} NodeAddr=127.0.0.1 CPUs=${cpus} RealMemory=1000 State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
`,
  );
  const env = { ...process.env, PATH, SLURM_CONF: at("slurm.conf") };
  process.env.SLURM_CONF = env.SLURM_CONF;
  const daemons: ChildProcess[] = [];
  const start = (program: string, ...args: readonly string[]) => {
    const child = spawn(program, args, { env, stdio: "ignore" });
    daemons.push(child);
    return child;
  };
  const ask = (program: string, ...args: readonly string[]) => {
    const { status, stdout, stderr } = spawnSync(program, args, { env, encoding: "utf8" });
    if (status !== 0) throw new Error(`${program} ${args.join(" ")}: ${stderr}`);
    return stdout.trim();
  };
  const stop = async () => {
    const running = daemons.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null);
    const ended = running.map((child) => once(child, "exit"));
    running.reverse().forEach((child) => child.kill());
    await Promise.all(ended);
    rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
  };
  try {
    start(
      "munged",
      "--foreground",
      "--force",
      ...["key-file", "socket", "pid-file", "log-file", "seed-file"].map(
        (name) => `--${name}=${at(`munge.${name.split("-")[0]}`)}`,
      ),
    );
    start("slurmctld", "-D");
    start("slurmd", "-D", "-N", host);
    await until(
      "Slurm's node",
      () => {
        try {
          return ask("sinfo", "--noheader", "--format=%T") === "idle";
        } catch {
          return false;
        }
      },
      40,
    );
  } catch (error) {
    const logs = ["munge.log", "slurmctld.log", "slurmd.log"].map((name) => {
      try {
        return `${name}: ${readFileSync(at(name), "utf8").slice(-1500)}`;
      } catch {
        return `${name}: none`;
      }
    });
    await stop();
    throw new Error(`${(error as Error).message}\n${logs.join("\n")}`);
  }
  return { ask, stop };
}
