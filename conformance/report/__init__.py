"""What a run leaves behind: results.json is the truth, and the other files are made from it.

results    the run as one document, its schema numbered
writing    puts a run's folder on disk: results, evidence, pictures, and the rest
page       report.html: one file a manager can read
markdown   report.md; junit: junit.xml for what reads that
diff       two results compared
"""
