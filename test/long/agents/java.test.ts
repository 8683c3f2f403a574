import { describe, expect, test } from 'vitest';
import { jailed, repository, temporary } from '../../support/jail.ts';

// Java's machine makes its own threads, maps its own memory, and compiles while it runs. (Not among the usual tests: it is large.)

const PROGRAM = `
import java.net.*;
import java.nio.file.*;
import java.util.concurrent.*;
import java.util.stream.*;
public class Main {
  public static void main(String[] arguments) throws Exception {
    var pool = Executors.newFixedThreadPool(4);
    var sum = IntStream.range(0, 100).mapToObj(n -> pool.submit(() -> n)).mapToInt(f -> { try { return f.get(); } catch (Exception e) { return 0; } }).sum();
    pool.shutdown();
    System.out.println("threads " + sum + " " + IntStream.range(0, 1000).parallel().sum());
    var server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    new Thread(() -> { try (var s = server.accept()) { s.getOutputStream().write("over tcp\\n".getBytes()); } catch (Exception e) { e.printStackTrace(); } }).start();
    try (var s = new Socket(server.getInetAddress(), server.getLocalPort())) { System.out.print(new String(s.getInputStream().readAllBytes())); }
    var process = new ProcessBuilder("echo", "child").start();
    System.out.print(new String(process.getInputStream().readAllBytes()));
    var file = Files.createTempFile("x", "y");
    Files.writeString(file, "text");
    try (var channel = java.nio.channels.FileChannel.open(file)) {
      System.out.println("mapped " + channel.map(java.nio.channels.FileChannel.MapMode.READ_ONLY, 0, 4).remaining());
    }
    System.out.println("random " + (new java.security.SecureRandom().nextInt() != new java.security.SecureRandom().nextInt()));
    System.out.println("digest " + java.security.MessageDigest.getInstance("SHA-256").getDigestLength());
    for (int n = 0; n < 30; n++) { byte[] b = new byte[20_000_000]; b[n] = 1; }
    System.out.println("collected");
  }
}
`;

describe.each(['nspawn', 'docker'] as const)('%s', (backend) => {
  test('a program of Java is compiled and works', { timeout: 180_000 }, async () => {
    using place = temporary();
    repository(place.path);
    const script = `cat > /tmp/Main.java <<'END'\n${PROGRAM}\nEND\njava -Xmx256m /tmp/Main.java`;
    const ran = await jailed(place.path, script, {
      policy: 'limits: { disk: 256MiB, memory: 2GiB, time: 150s }\n',
      args: ['--backend', backend],
    });
    const said = ['threads 4950 499500', 'over tcp', 'child', 'mapped 4', 'random true', 'digest 32', 'collected', ''];
    expect(ran.transcript.split('\n'), ran.stderr).toEqual(said);
    expect([ran.run.backend.name, ran.code]).toEqual([backend, 0]);
  });
});
