package io.github.mcpwss.server;

/**
 * A thread that may write to sockets itself: an interrupt that comes meanwhile waits
 * until the write is done. Servlet containers close a socket when its writer is
 * interrupted, and Reactor interrupts workers at the end of their task.
 */
final class WriterThread extends Thread {

	private final Object monitor = new Object();

	private boolean writing;

	private boolean interruptPending;

	WriterThread(Runnable target, String name) {
		super(target, name);
		setDaemon(true);
	}

	/**
	 * Run a write that no interrupt reaches. Must be called on this thread.
	 * @param write the write
	 */
	void runUninterrupted(Runnable write) {
		synchronized (this.monitor) {
			this.writing = true;
			this.interruptPending = Thread.interrupted();
		}
		try {
			write.run();
		}
		finally {
			synchronized (this.monitor) {
				this.writing = false;
				if (this.interruptPending) {
					super.interrupt();
				}
			}
		}
	}

	@Override
	public void interrupt() {
		synchronized (this.monitor) {
			if (this.writing) {
				this.interruptPending = true;
			}
			else {
				super.interrupt();
			}
		}
	}

}
