"""Export jobs: a vendor is asked for a file, works on it for a while, and hands out a link to it.

    Request   what one job is to export
    JobApi    a vendor's requests for jobs: ask for one, look how it is
    Order     one window that is wanted: its job, its attempts, and in the end its file or its failure
    Plan      the jobs of one kind of export, oldest first, and who reads them
    JobScheduler  works on all exports of one vendor, a little at a time, whenever somebody waits

Everything runs in one thread: `JobScheduler.work` is called between the requests of other streams and while any of them
waits, does what is due, and says when it wants to be called again.
"""
